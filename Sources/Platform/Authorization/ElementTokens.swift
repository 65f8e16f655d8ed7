public import Accounts
import CivilTime
import StorageKit

/// What a token for elements in a browser opens: tied to one origin, and to accounts that the application may see.
public struct ElementToken: Hashable, Sendable {
    public static let permissions = ["agenda", "account_management", "availability", "managed_availability"]
    /// Seconds.
    public static let life: Int64 = 64_800

    public let permissions: [String]
    public let subs: [AccountID]
    public let origin: String

    public init(permissions: [String], subs: [AccountID], origin: String) {
        (self.permissions, self.subs, self.origin) = (permissions, subs, origin)
    }

    /// Whether `text` is an origin: scheme, host and perhaps a port, and nothing after (RFC 6454 §6.2).
    public static func isOrigin(_ text: String) -> Bool {
        guard text.utf8.count <= 300, let slashes = text.firstRange(of: "://"),
            ["https", "http"].contains(text[..<slashes.lowerBound])
        else { return false }
        let host = text[slashes.upperBound...]
        return !host.isEmpty
            && host.utf8.allSatisfy {
                (48...58).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-.[]".utf8.contains($0)
            }
    }
}

extension AuthorizationDesk {
    public func issue(_ token: ElementToken, by client: ClientID) async throws -> Secret {
        let (text, now) = (Secret("et_" + Crypto.token(40)), accounts.now().seconds)
        try await accounts.database.write { session in
            try session.execute("DELETE FROM element_tokens WHERE expires_at <= ?", [.integer(now)])
            try session.execute(
                """
                INSERT INTO element_tokens (hash, client_id, permissions, subs, origin, expires_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    Self.hash(text), .text(client.value), .text(token.permissions.joined(separator: " ")),
                    .text(token.subs.map(\.value).joined(separator: " ")), .text(token.origin),
                    .integer(now + ElementToken.life),
                ])
        }
        return text
    }
}
