/// Holds an account's tokens. However many calls find the access token refused at once, one renewal is made and all
/// wait for it: a rotated refresh token must not be used twice.
actor TokenKeeper {
    private(set) var tokens: AccountTokens
    private let application: CronofyApplication
    private let onRenewal: @Sendable (AccountTokens) async -> Void
    private var renewal: Task<Result<AccountTokens, CronofyError>, Never>?

    init(
        _ tokens: AccountTokens, application: CronofyApplication,
        onRenewal: @escaping @Sendable (AccountTokens) async -> Void
    ) { (self.tokens, self.application, self.onRenewal) = (tokens, application, onRenewal) }

    /// The access token; while a renewal is under way, the one it brings.
    func accessToken() async throws(CronofyError) -> Secret {
        guard let renewal else { return Secret(tokens.accessToken) }
        return Secret(try await renewal.value.get().accessToken)
    }

    /// A token that replaces `refused`.
    func renewed(insteadOf refused: Secret) async throws(CronofyError) -> Secret {
        if renewal == nil {
            guard tokens.accessToken == refused.text else { return Secret(tokens.accessToken) }
            guard let refreshToken = tokens.refreshToken else { throw .unauthorized }
            // Not cancelled with the caller: others wait for it, and its answer must not be lost.
            renewal = Task { await renew(with: refreshToken) }
        }
        return try await accessToken()
    }

    private func renew(with refreshToken: String) async -> Result<AccountTokens, CronofyError> {
        defer { renewal = nil }
        do {
            let grant = try await application.refresh(refreshToken)
            let renewed = AccountTokens(
                accessToken: grant.tokens.accessToken, refreshToken: grant.tokens.refreshToken ?? refreshToken,
                scope: grant.tokens.scope.isEmpty ? tokens.scope : grant.tokens.scope)
            tokens = renewed
            await onRenewal(renewed)
            return .success(renewed)
        } catch CronofyError.refusedGrant {
            return .failure(.unauthorized)
        } catch {
            return .failure(error)
        }
    }
}
