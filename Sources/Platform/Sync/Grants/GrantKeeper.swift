public import Accounts
import CivilTime
public import ProviderKit
public import SignInKit
import StorageKit

/// Keeps the tokens of connections that people signed in for, and renews them. One renewal at a time for a profile, over
/// all processes: whoever wants to renew writes that down first, and gives the new tokens to nobody before they are kept.
///
/// A refresh token that each use replaces can be lost between the vendor's answer and our commit. What is written down
/// beforehand tells that apart from a person who took access back.
public struct GrantKeeper: Sendable {
    let profiles: ProfileStore
    let pause: @Sendable (Duration) async -> Void

    /// Asks the vendor.
    public typealias Renewal = @Sendable (SignInTokens) async throws(SignInRefusal) -> SignInTokens

    /// Seconds for which a renewal under way is waited for: longer than any request lives.
    static let patience: Int64 = 90
    /// A token that has fewer seconds left is renewed before it is used.
    static let margin: Int64 = 60

    public init(profiles: ProfileStore, pause: @escaping @Sendable (Duration) async -> Void) {
        (self.profiles, self.pause) = (profiles, pause)
    }

    private var database: any Database { profiles.accounts.database }

    /// An access token that is good now.
    /// - Parameters:
    ///   - refused: the token that the vendor has just refused.
    ///   - vendor: for sentences.
    public func token(
        of profile: ProfileID, account: AccountID, refused: String?, vendor: String, renew: Renewal
    ) async throws(RemoteFailure) -> String {
        // Every pass waits, renews, or finds what another one renewed.
        for _ in 0..<(Self.patience * 4) {
            let claim = try await stored { try await self.claim(profile, account, refused: refused) }
            switch claim {
            case .good(let tokens): return tokens.access
            case .gone: throw .authorizationLost(reason: "The connection is gone. Connect again.")
            case .busy: await pause(.milliseconds(250))
            case .ours(let tokens, let mark, let isUnknown):
                if let fresh = try await renewed(
                    tokens, mark, isUnknown: isUnknown, profile, account, vendor: vendor, renew)
                {
                    return fresh.access
                }
            }
        }
        throw .unreachable(reason: "Another renewal of this connection at \(vendor) did not end.")
    }

    private enum Claim: Sendable {
        case good(SignInTokens)
        /// `mark` is what we wrote down; `isUnknown`: nobody knows what became of the renewal before.
        case ours(SignInTokens, mark: Int64, isUnknown: Bool)
        case busy, gone
    }

    private func claim(_ profile: ProfileID, _ account: AccountID, refused: String?) async throws -> Claim {
        let (key, now) = (profiles.accounts.key, profiles.accounts.now())
        let mark = now.seconds + Self.patience
        return try await database.write { session -> Claim in
            let found = try session.first(
                "SELECT credential, renewing_until FROM profiles WHERE account_id = ? AND profile_id = ?",
                [.text(account.value), .text(profile.value)]
            ) { (try $0.optionalBlob(0), try $0.optionalInteger(1)) }
            guard let (sealed, until) = found, let sealed,
                let tokens = SignInTokens(stored: try key.open(sealed, for: Purpose.credential).reveal())
            else { return .gone }
            if tokens.access != refused, tokens.expiresAt.seconds > now.seconds + Self.margin { return .good(tokens) }
            // A mark so far ahead was set by a clock that was wrong.
            if let until, until > now.seconds, until <= mark { return .busy }
            try session.execute(
                "UPDATE profiles SET renewing_until = ? WHERE account_id = ? AND profile_id = ?",
                [.integer(mark), .text(account.value), .text(profile.value)])
            return .ours(tokens, mark: mark, isUnknown: until != nil)
        }
    }

    /// Nil where another one took over meanwhile: read again.
    private func renewed(
        _ tokens: SignInTokens, _ mark: Int64, isUnknown: Bool, _ profile: ProfileID, _ account: AccountID,
        vendor: String, _ renew: Renewal
    ) async throws(RemoteFailure) -> SignInTokens? {
        do throws(SignInRefusal) {
            let fresh = try await renew(tokens)
            let isKept = try await keep(fresh, mark, profile, account)
            return isKept ? fresh : nil
        } catch {
            switch error {
            case .ended(let loss):
                // An answer, so nothing is unknown any more.
                let wasOurs = try await stored { try await self.release(mark, to: nil, profile, account) }
                guard wasOurs else { return nil }
                let told = isUnknown && loss == .revoked ? GrantLoss.answerLost : loss
                throw .authorizationLost(reason: told.sentence(vendor))
            case .registration(let code):
                _ = try await stored { try await self.release(mark, to: isUnknown ? 0 : nil, profile, account) }
                throw .unreachable(
                    reason: "\(vendor) refuses this server’s registration (\(code)); its operator must look at it.")
            case .later(let reason, let retryAfter, let mayBeDone):
                let unknown: Int64? = isUnknown || mayBeDone ? 0 : nil
                _ = try await stored { try await self.release(mark, to: unknown, profile, account) }
                if let retryAfter { throw .throttled(retryAfter: retryAfter) }
                throw .unreachable(reason: reason)
            }
        }
    }

    private func keep(
        _ tokens: SignInTokens, _ mark: Int64, _ profile: ProfileID, _ account: AccountID
    ) async throws(SignInRefusal) -> Bool {
        let sealed = profiles.accounts.key.seal(Secret(tokens.stored), for: Purpose.credential)
        do {
            return try await database.write { session in
                try session.execute(
                    """
                    UPDATE profiles SET credential = ?, renewing_until = NULL
                    WHERE account_id = ? AND profile_id = ? AND renewing_until = ?
                    """, [.blob(sealed), .text(account.value), .text(profile.value), .integer(mark)]) > 0
            }
        } catch { throw .later(reason: "A renewed key could not be kept here.", retryAfter: nil, mayBeDone: true) }
    }

    /// Takes back what was written down, or says (0) that the outcome is not known. False where it is not ours any more.
    private func release(_ mark: Int64, to value: Int64?, _ profile: ProfileID, _ account: AccountID) async throws
        -> Bool
    {
        try await database.write { session in
            try session.execute(
                """
                UPDATE profiles SET renewing_until = ? WHERE account_id = ? AND profile_id = ? AND renewing_until = ?
                """, [SQLValue(value), .text(account.value), .text(profile.value), .integer(mark)]) > 0
        }
    }

    /// Of an embedded database's one process: renewals that the process before left are over, with an outcome unknown.
    public func endRenewals() async throws {
        try await database.write {
            try $0.execute("UPDATE profiles SET renewing_until = 0 WHERE renewing_until IS NOT NULL")
        }
    }

    private func stored<Value: Sendable>(_ body: () async throws -> Value) async throws(RemoteFailure) -> Value {
        do { return try await body() } catch { throw .unreachable(reason: "This server’s database did not answer.") }
    }
}
