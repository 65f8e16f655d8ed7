import Accounts
import Authorization
import CivilTime
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
