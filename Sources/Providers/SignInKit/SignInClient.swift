public import CivilTime
internal import CronofyWire
public import GuardedHTTP
internal import Sealing

/// This server as a client of one vendor's authorization server.
public struct SignInClient: Sendable {
    public let server: SignInServer
    private let id: String
    private let secret: GuardedHTTP.Secret
    private let client: GuardedClient
    private let now: @Sendable () -> Instant

    public init(
        _ server: SignInServer, id: String, secret: GuardedHTTP.Secret, client: GuardedClient,
        now: @escaping @Sendable () -> Instant
    ) {
        (self.server, self.id, self.secret, self.client, self.now) = (server, id, secret, client, now)
    }

    /// A fresh verifier (RFC 7636 §4.1).
    public static func verifier() -> String { Crypto.token(64) }

    /// Where a person is sent to consent (RFC 6749 §4.1.1).
    public func address(state: String, verifier: String, redirect: String, hint: String?) -> String {
        var fields = [
            ("response_type", "code"), ("client_id", id), ("redirect_uri", redirect),
            ("scope", server.scopes.joined(separator: " ")), ("state", state),
            ("code_challenge", Crypto.base64URL(Crypto.sha256(verifier))), ("code_challenge_method", "S256"),
        ]
        fields += server.parameters.map { ($0.name, $0.value) }
        if let hint { fields.append(("login_hint", hint)) }
        return server.authorize.description + "?" + Self.form(fields)
    }

    /// The tokens of a code that a consent gave (§4.1.3).
    public func exchange(code: String, verifier: String, redirect: String) async throws(SignInRefusal) -> SignInTokens {
        try await ask([
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ])
    }

    /// New tokens (§6). Where no new refresh token is given, the old one stays.
    public func refresh(_ tokens: SignInTokens) async throws(SignInRefusal) -> SignInTokens {
        guard let refresh = tokens.refresh else { throw .ended(.expired) }
        var fresh = try await ask([("grant_type", "refresh_token"), ("refresh_token", refresh)], had: tokens.scopes)
        if fresh.refresh == nil { (fresh.refresh, fresh.refreshEndsAt) = (refresh, tokens.refreshEndsAt) }
        return fresh
    }

    /// Whether the vendor knows this client, its secret and `redirect`: asks it about a code that nobody was given.
    /// - Returns: nil where only the code was refused.
    public func fault(redirect: String) async -> SignInRefusal? {
        do throws(SignInRefusal) {
            _ = try await exchange(code: "none", verifier: Self.verifier(), redirect: redirect)
            return nil
        } catch {
            if case .ended = error { return nil }
            return error
        }
    }

    private func ask(_ fields: [(String, String)], had scopes: Set<String>? = nil) async throws(SignInRefusal)
        -> SignInTokens
    {
        let body = Self.form([("client_id", id), ("client_secret", secret.revealed)] + fields)
        let request = FetchRequest(
            "POST", server.token,
            headers: [
                Header("Content-Type", "application/x-www-form-urlencoded"), Header("Accept", "application/json"),
            ], body: Array(body.utf8), redirects: .never)
        let answer: FetchResponse
        do throws(FetchFailure) { answer = try await client.send(request) } catch {
            let neverSent: [FetchFailure] = [.notReached, .addressRefused, .insecure]
            throw .later(reason: error.sentence, retryAfter: nil, mayBeDone: !neverSent.contains(error))
        }
        let json = JSONValue.object(JSONValue.members(of: answer.body) ?? [:])
        if answer.status == 200,
            let tokens = SignInTokens(answer: json, asked: scopes ?? Set(server.scopes), now: now())
        {
            return tokens
        }
        guard (400..<500).contains(answer.status), answer.status != 429, let error = json["error"]?.words else {
            throw .later(
                reason: "\(server.vendor)’s sign-in service answered \(answer.status) and gave no token.",
                retryAfter: answer.retryAfter, mayBeDone: answer.status == 200)
        }
        throw server.verdict(error, json)
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { $0.0 + "=" + PercentEncoding.segment($0.1) }.joined(separator: "&")
    }
}
