import Accounts
import Authorization
import CivilTime
import CronofyWire
import StorageKit
import Support

@testable import App

/// A live server with one application and one person.
struct OAuthWorld: Sendable {
    let server: LiveServer
    let client: ClientID
    let secret: String
    let isPublic: Bool
    let account: AccountID

    struct Missing: Error {}

    static let redirect = "https://app.example.com/back"
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    /// RFC 7636, appendix B.
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    init(_ kind: TestDatabase.Kind = .sqlite, isPublic: Bool = false) async throws {
        server = try await LiveServer(kind)
        let (application, secret) = try await server.platform.accounts.createApplication(
            name: "Trips", redirectURIs: [Self.redirect], isPublic: isPublic)
        (client, self.secret, self.isPublic) = (application.id, secret.reveal(), isPublic)
        account = try await server.platform.accounts.createAccount(
            client: application.id, email: "maya@example.com", name: "Maya", zone: ZoneID("Europe/Paris"),
            scope: Scope("read_events")
        ).account
    }

    func close() async { await server.close() }

    /// A code as consenting gives it.
    func code(scope: String = "read_events create_event", challenge: String? = nil) async throws -> String {
        var grant = CodeGrant(client: client, account: account, redirectURI: Self.redirect, scope: Scope(scope))
        if isPublic || challenge != nil {
            grant.challenge = try CodeChallenge(challenge: challenge ?? Self.challenge, method: "S256")
        }
        return try await server.platform.authorization.issueCode(grant).reveal()
    }

    /// The address an application sends a browser to; an empty value leaves a parameter out.
    func authorize(_ changes: [String: String] = [:]) -> String {
        var parameters = [
            "response_type": "code", "client_id": client.value, "redirect_uri": Self.redirect,
            "scope": "read_events create_event",
        ]
        if isPublic { parameters.merge(["code_challenge": Self.challenge, "code_challenge_method": "S256"]) { $1 } }
        parameters.merge(changes) { $1 }
        return "/oauth/authorize?"
            + parameters.filter { !$0.value.isEmpty }.map { $0.key + "=" + PageBrowser.encoded($0.value) }
            .joined(separator: "&")
    }

    /// Links a calendar that lives here, as a person does it.
    func linkNative(
        _ browser: PageBrowser, state: String = "", more: [String: String] = [:]
    ) async throws -> LiveServer.Reply {
        let path = authorize(["state": state].merging(more) { $1 })
        let start = try await browser.get(path)
        guard let link = start.links.first(where: { $0.contains("/connect/native?") }) else { throw Missing() }
        let form = try await browser.get(link)
        return try await browser.submit(form, to: "/connect/native", ["name": "Mine", "zone": "Europe/Paris"])
    }

    /// An access token with `scope`.
    func bearer(_ scope: String) async throws -> String {
        guard let token = try await exchange(code: try await code(scope: scope))["access_token"] else {
            throw Missing()
        }
        return token
    }

    func profile(in tokens: LiveServer.Reply) throws -> String {
        guard case .string(let id)? = try tokens.json["linking_profile"]?["profile_id"] else { throw Missing() }
        return id
    }

    func exchange(
        code: String, verifier: String? = nil, secret: String? = nil, redirect: String = OAuthWorld.redirect
    ) async throws -> LiveServer.Reply {
        var members = [
            "grant_type": "authorization_code", "client_id": client.value, "code": code, "redirect_uri": redirect,
        ]
        if !isPublic { members["client_secret"] = secret ?? self.secret }
        members["code_verifier"] = verifier
        return try await server.post("/oauth/token", members)
    }

    func refresh(_ token: String, scope: String? = nil) async throws -> LiveServer.Reply {
        var members = ["grant_type": "refresh_token", "client_id": client.value, "refresh_token": token]
        if !isPublic { members["client_secret"] = secret }
        members["scope"] = scope
        return try await server.post("/oauth/token", members)
    }

    /// Makes everything that tokens and codes remember older.
    func moveBack(seconds: Int64) async throws {
        try await server.platform.database.write { session in
            try session.execute("UPDATE tokens SET spent_at = spent_at - ?", [.integer(seconds)])
            try session.execute("UPDATE authorization_codes SET expires_at = expires_at - ?", [.integer(seconds)])
        }
    }
}
