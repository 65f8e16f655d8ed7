public import Accounts
import CivilTime
import StorageKit

/// What an application asks of whoever runs the server.
public struct Verification: Hashable, Sendable {
    public let redirectURIs: [String]
    public let contactEmail: String
    public let contactName: String?

    public init(redirectURIs: [String], contactEmail: String, contactName: String?) {
        (self.redirectURIs, self.contactEmail, self.contactName) = (redirectURIs, contactEmail, contactName)
    }
}

extension AuthorizationDesk {
    /// Puts redirect addresses before the operator; an application cannot register them by itself.
    public func ask(_ verification: Verification, by client: ClientID) async throws {
        let now = accounts.now().seconds
        try await accounts.database.write { session in
            try session.execute(
                """
                INSERT INTO application_verifications (client_id, redirect_uris, contact_email, contact_name, asked_at)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (client_id) DO UPDATE SET redirect_uris = excluded.redirect_uris,
                    contact_email = excluded.contact_email, contact_name = excluded.contact_name,
                    asked_at = excluded.asked_at
                """,
                [
                    .text(client.value), .text(verification.redirectURIs.joined(separator: "\n")),
                    .text(verification.contactEmail), SQLValue(verification.contactName), .integer(now),
                ])
        }
    }

    /// What waits for the operator's word.
    public func verifications() async throws -> [(client: ClientID, verification: Verification)] {
        try await accounts.database.read { session in
            try session.all(
                """
                SELECT client_id, redirect_uris, contact_email, contact_name FROM application_verifications
                ORDER BY asked_at, client_id
                """
            ) { row in
                (
                    ClientID(try row.text(0)),
                    Verification(
                        redirectURIs: try row.text(1).split(separator: "\n").map(String.init),
                        contactEmail: try row.text(2), contactName: try row.optionalText(3))
                )
            }
        }
    }

    /// Takes what waits off the list, once the operator has dealt with it.
    public func settleVerification(of client: ClientID) async throws {
        try await accounts.database.write {
            try $0.execute("DELETE FROM application_verifications WHERE client_id = ?", [.text(client.value)])
        }
    }

    // MARK: Admin keys

    /// A key that may make applications, and nothing else.
    public func issueAdminKey() async throws -> Secret {
        let (key, now) = (Secret("ADM_" + Crypto.token(40)), accounts.now().seconds)
        try await accounts.database.write {
            try $0.execute(
                "INSERT INTO admin_keys (hash, created_at) VALUES (?, ?)", [Self.hash(key), .integer(now)])
        }
        return key
    }

    /// Ends every admin key; returns how many there were.
    public func revokeAdminKeys() async throws -> Int {
        try await accounts.database.write { try $0.execute("DELETE FROM admin_keys") }
    }

    public func isAdminKey(_ key: Secret) async throws -> Bool {
        try await accounts.database.read {
            try $0.first("SELECT 1 FROM admin_keys WHERE hash = ?", [Self.hash(key)]) { try $0.integer(0) } != nil
        }
    }
}
