public import CivilTime
import StorageKit

extension AccountStore {
    /// Whom an application reaches, with their connections, by e-mail; at most `limit`.
    public func connected(
        to client: ClientID, limit: Int
    ) async throws -> [(account: Account, profiles: [Profile])] {
        try await database.read { session in
            let ids = try session.all(
                """
                SELECT a.account_id FROM grants g JOIN accounts a ON a.account_id = g.account_id
                WHERE g.client_id = ? ORDER BY a.email, a.account_id LIMIT ?
                """, [.text(client.value), .integer(Int64(max(1, limit)))]
            ) { AccountID(try $0.text(0)) }
            return try ids.compactMap { id in
                try Self.account(id, in: session).map { ($0, try ProfileStore.profiles(of: id, in: session)) }
            }
        }
    }

    /// When the secrets end that a rotation left good for a while, the last to end first.
    public func retiringSecrets(of client: ClientID) async throws -> [Instant] {
        let instant = now()
        return try await database.read { session in
            try session.all(
                "SELECT expires_at FROM retiring_secrets WHERE client_id = ? AND expires_at > ? ORDER BY expires_at DESC",
                [.text(client.value), .integer(instant.seconds)]
            ) { Instant(seconds: try $0.integer(0)) }
        }
    }
}
