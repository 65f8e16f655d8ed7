public import CivilTime
public import CronofyWire
internal import Sealing
internal import Synchronization

/// An authorization server: codes, access tokens and refresh tokens of one vendor, in memory. Safe to share.
public final class IdentityDesk: Sendable {
    /// What stands behind an access token.
    public struct Session: Hashable, Sendable {
        public let person: String
        public let client: String
        public let scopes: [String]
        public let expiresAt: Instant
    }

    public let rules: IdentityRules
    private let clients: [SandboxClient]
    private let now: @Sendable () -> Instant
    private let state = Mutex(State())

    /// Seconds for which a code is good (RFC 6749 §4.1.2).
    private static let codeLifetime: Int64 = 600

    /// - Parameter now: the clock that tokens end by.
    public init(rules: IdentityRules, clients: [SandboxClient] = [.usual], now: @escaping @Sendable () -> Instant) {
        (self.rules, self.clients, self.now) = (rules, clients, now)
    }

    private struct Grant {
        let person: String
        let client: String
        var scopes: [String]
        var end: GrantEnd?
    }

    private struct Code {
        let question: AuthorizeQuestion
        let grant: Int
        let expiresAt: Instant
        let givesRefreshToken: Bool
    }

    private struct State {
        var grants: [Grant] = []
        var codes: [String: Code] = [:]
        var access: [String: (grant: Int, scopes: [String], expiresAt: Instant)] = [:]
        var refresh: [String: Int] = [:]
        /// Refresh tokens are good once, and a second use ends the grant.
        var isStrict = false
        var spent: Set<String> = []
    }

    // MARK: Consent

    /// Reads what a program asks for.
    /// - Throws: what must be told on our page, for the program is not known to be who it says.
    public func question(_ query: FormText) throws(IdentityRefusal) -> AuthorizeQuestion {
        guard let client = clients.first(where: { $0.id == query["client_id"] }) else { throw .unknownClient }
        guard let redirect = query["redirect_uri"],
            client.redirectURIs.isEmpty || client.redirectURIs.contains(redirect)
        else { throw .redirectMismatch }
        guard query["response_type"] == "code" else { throw .invalidRequest("response_type must be code") }
        let scopes = Self.scopes(query["scope"])
        guard !scopes.isEmpty else { throw .invalidRequest("scope is missing") }
        if query["code_challenge"] != nil, query["code_challenge_method"] != "S256" {
            throw .invalidRequest("code_challenge_method must be S256")
        }
        return AuthorizeQuestion(
            client: client, redirectURI: redirect, scopes: scopes, state: query["state"],
            challenge: query["code_challenge"], prompt: Set(Self.scopes(query["prompt"])),
            isOffline: query["access_type"] == "offline", loginHint: query["login_hint"], nonce: query["nonce"])
    }

    /// The person allows `scopes` of what was asked; where the program is sent with its code.
    public func allow(_ question: AuthorizeQuestion, as person: String, scopes: [String]) -> String {
        let code = Crypto.token(40)
        let (rules, now) = (self.rules, now())
        let granted = question.scopes.filter { scopes.contains($0) || rules.signInScopes.contains($0) }
        state.withLock { state in
            let isFirst = !state.grants.contains {
                $0.person == person && $0.client == question.client.id && $0.end == nil
            }
            state.grants.append(Grant(person: person, client: question.client.id, scopes: granted))
            state.codes[code] = Code(
                question: question, grant: state.grants.count - 1,
                expiresAt: now.advanced(bySeconds: Self.codeLifetime) ?? now,
                givesRefreshToken: rules.givesRefreshToken(question, isFirst))
        }
        return Self.redirect(question, [("code", code), ("scope", granted.joined(separator: " "))])
    }

    /// Where the program is sent without one (RFC 6749 §4.1.2.1).
    public func deny(_ question: AuthorizeQuestion, error: String = "access_denied") -> String {
        Self.redirect(question, [("error", error)])
    }

    private static func redirect(_ question: AuthorizeQuestion, _ fields: [(String, String)]) -> String {
        let all = fields + (question.state.map { [("state", $0)] } ?? [])
        let query = all.map { $0.0 + "=" + SandboxText.encoded($0.1) }.joined(separator: "&")
        return question.redirectURI + (question.redirectURI.contains("?") ? "&" : "?") + query
    }

    private static func scopes(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
    }

    // MARK: Tokens

    /// The answer of the token endpoint to `form` (RFC 6749 §4.1.3, §6).
    /// - Parameter authorization: the header, where the client names itself there.
    public func token(_ form: FormText, authorization: String? = nil) throws(IdentityRefusal) -> JSONValue {
        let (id, secret) = SandboxText.basic(authorization) ?? (form["client_id"] ?? "", form["client_secret"])
        guard let client = clients.first(where: { $0.id == id }) else { throw .unknownClient }
        guard let secret, Crypto.equal(Array(secret.utf8), Array(client.secret.utf8)) else { throw .wrongSecret }
        switch form["grant_type"] {
        case "authorization_code": return try exchange(form, client)
        case "refresh_token": return try refresh(form, client)
        default: throw .unsupportedGrant
        }
    }

    private func exchange(_ form: FormText, _ client: SandboxClient) throws(IdentityRefusal) -> JSONValue {
        let (now, rules) = (now(), rules)
        return try state.withLock { (state) throws(IdentityRefusal) -> JSONValue in
            guard let text = form["code"], let code = state.codes.removeValue(forKey: text),
                code.question.client == client, code.expiresAt > now
            else { throw .unknownCode }
            guard form["redirect_uri"] == code.question.redirectURI else { throw .redirectMismatch }
            if let challenge = code.question.challenge {
                guard let verifier = form["code_verifier"],
                    Crypto.base64URL(Crypto.sha256(verifier)) == challenge
                else { throw .wrongVerifier }
            }
            var answer = Self.access(code.grant, state.grants[code.grant].scopes, &state, now, rules)
            if code.givesRefreshToken { answer["refresh_token"] = .string(Self.refreshToken(code.grant, &state)) }
            if code.question.scopes.contains("openid") {
                answer["id_token"] = .string(
                    SandboxText.idToken(
                        person: state.grants[code.grant].person, client: client.id, nonce: code.question.nonce,
                        now: now, lifetime: rules.lifetime))
            }
            return .object(answer)
        }
    }

    private func refresh(_ form: FormText, _ client: SandboxClient) throws(IdentityRefusal) -> JSONValue {
        let (now, rules) = (now(), rules)
        return try state.withLock { (state) throws(IdentityRefusal) -> JSONValue in
            guard let text = form["refresh_token"], let grant = state.refresh[text],
                state.grants[grant].client == client.id
            else { throw .unknownToken }
            if let end = state.grants[grant].end { throw .ended(end) }
            if state.isStrict, !state.spent.insert(text).inserted {
                state.grants[grant].end = .revoked
                throw .ended(.revoked)
            }
            let asked = Self.scopes(form["scope"])
            guard asked.allSatisfy({ state.grants[grant].scopes.contains($0) }) else { throw .scopeNotGranted }
            var answer = Self.access(
                grant, asked.isEmpty ? state.grants[grant].scopes : asked, &state, now, rules)
            if rules.rotates || state.isStrict { answer["refresh_token"] = .string(Self.refreshToken(grant, &state)) }
            return .object(answer)
        }
    }

    private static func access(
        _ grant: Int, _ scopes: [String], _ state: inout State, _ now: Instant, _ rules: IdentityRules
    ) -> [String: JSONValue] {
        let token = "access." + Crypto.token(60)
        state.access[token] = (grant, scopes, now.advanced(bySeconds: rules.lifetime) ?? now)
        return [
            "access_token": .string(token), "token_type": .string("Bearer"), "expires_in": .integer(rules.lifetime - 1),
            "scope": .string(scopes.joined(separator: " ")),
        ]
    }

    private static func refreshToken(_ grant: Int, _ state: inout State) -> String {
        let token = "refresh." + Crypto.token(60)
        state.refresh[token] = grant
        return token
    }

    /// Who is behind an access token; nil where it is not, or no longer, good.
    public func session(_ token: String?) -> Session? {
        let now = now()
        return state.withLock { state in
            guard let token, let held = state.access[token], held.expiresAt > now else { return nil }
            let grant = state.grants[held.grant]
            guard grant.end == nil else { return nil }
            return Session(
                person: grant.person, client: grant.client, scopes: held.scopes.filter(grant.scopes.contains),
                expiresAt: held.expiresAt)
        }
    }

    // MARK: What ends it

    /// Ends what `token` belongs to (RFC 7009); false where it is none.
    public func revoke(_ token: String) -> Bool {
        state.withLock { state in
            guard let grant = state.refresh[token] ?? state.access[token]?.grant else { return false }
            let (person, client) = (state.grants[grant].person, state.grants[grant].client)
            Self.end(&state, .revoked) { $0.person == person && $0.client == client }
            return true
        }
    }

    /// Ends all that a person allowed, for a reason that the token endpoint tells.
    public func end(_ person: String, because end: GrantEnd) {
        state.withLock { Self.end(&$0, end) { $0.person == person } }
    }

    /// Takes scopes away from what a person allowed.
    public func shrink(_ person: String, without scopes: Set<String>) {
        state.withLock { state in
            for place in state.grants.indices where state.grants[place].person == person {
                state.grants[place].scopes.removeAll(where: scopes.contains)
            }
        }
    }

    /// No access token given so far is good any more; refresh tokens are.
    public func expireAccess() { state.withLock { $0.access = [:] } }

    /// Whether refresh tokens are good once only.
    public func setStrict(_ isStrict: Bool) { state.withLock { ($0.isStrict, $0.spent) = (isStrict, []) } }

    private static func end(_ state: inout State, _ end: GrantEnd, where holds: (Grant) -> Bool) {
        for place in state.grants.indices where state.grants[place].end == nil && holds(state.grants[place]) {
            state.grants[place].end = end
        }
    }
}
