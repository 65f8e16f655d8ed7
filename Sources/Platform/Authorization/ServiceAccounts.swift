public import Accounts
import CivilTime
public import StorageKit

/// An administrator's way into the calendars of a domain's people.
public struct ServiceAccount: Sendable {
    public let account: AccountID
    /// The mail domain whose people it opens; nobody else.
    public let domain: String
    /// Where the administrator's own account is.
    public let address: String
    public let username: String
    public let credential: Secret
    /// The address of a person's principal, with `{user}` where the name stands.
    public let pattern: String

    public init(
        account: AccountID, domain: String, address: String, username: String, credential: Secret, pattern: String
    ) {
        (self.account, self.domain, self.address) = (account, domain.lowercased(), address)
        (self.username, self.credential, self.pattern) = (username, credential, pattern)
    }

    /// Where the calendars of `email` may be: under the whole address, or under what stands before the `@`. Empty for
    /// somebody outside the domain.
    public func principals(of email: String) -> [String] {
        let parts = email.lowercased().split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, parts[1] == domain else { return [] }
        return [email.lowercased(), parts[0]].map { pattern.replacing("{user}", with: Self.segment($0)) }
    }

    /// The administrator's own connection; it is kept nowhere and syncs nothing.
    public var profile: Profile {
        Profile(
            account: account, id: ProfileID(""), provider: ProviderName("caldav"), name: username, identity: address,
            address: address, username: username,
            connection: Profile.Connection(
                state: .connected, cause: nil, explanation: nil, since: Instant(seconds: 0), failures: 0),
            isPaused: false, initialSyncDone: true)
    }

    /// `address` of a principal with the part that is `username` made to stand for anybody; nil where none is.
    public static func pattern(from address: String, username: String) -> String? {
        guard let slashes = address.firstRange(of: "://") else { return nil }
        let own = Set([
            username.lowercased(), segment(username).lowercased(), username.prefix { $0 != "@" }.lowercased(),
        ])
        var parts = address[slashes.upperBound...].split(separator: "/", omittingEmptySubsequences: false)
            .map(String.init)
        guard let index = parts.indices.dropFirst().last(where: { own.contains(parts[$0].lowercased()) }) else {
            return nil
        }
        parts[index] = "{user}"
        return address[..<slashes.upperBound] + parts.joined(separator: "/")
    }

    /// One segment of a path; nothing in it can lead elsewhere.
    private static func segment(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            bytes +=
                isPlain || "-_.~@".utf8.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        let result = String(decoding: bytes, as: UTF8.self)
        return result.allSatisfy { $0 == "." } ? "-" : result
    }
}

extension AuthorizationDesk {
    /// The account under which `client` has this administrator already.
    public static func serviceAccount(
        at address: String, username: String, client: ClientID, in session: any ReadSession
    ) throws -> AccountID? {
        try session.first(
            """
            SELECT s.account_id FROM service_accounts s
            JOIN grants g ON g.account_id = s.account_id AND g.client_id = ?
            WHERE s.address = ? AND s.username = ?
            """, [.text(client.value), .text(address), .text(username)]
        ) { AccountID(try $0.text(0)) }
    }

    /// Keeps a service account. What it opened before gets the new credential too.
    public func store(_ service: ServiceAccount, in session: any WriteSession) throws {
        let sealed = accounts.key.seal(service.credential, for: Purpose.credential)
        try session.execute(
            """
            INSERT INTO service_accounts (account_id, domain, address, username, credential, pattern)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (account_id) DO UPDATE SET domain = excluded.domain, credential = excluded.credential,
                pattern = excluded.pattern
            """,
            [
                .text(service.account.value), .text(service.domain), .text(service.address), .text(service.username),
                .blob(sealed), .text(service.pattern),
            ])
        try session.execute(
            """
            UPDATE profiles SET credential = ? WHERE provider = ? AND account_id IN
                (SELECT account_id FROM grants WHERE granted_by = ?)
            """, [.blob(sealed), .text(Self.domainProvider.value), .text(service.account.value)])
    }

    /// The provider of profiles that a service account opened.
    public static let domainProvider = ProviderName("caldav-domain")

    public func serviceAccount(_ id: AccountID) async throws -> ServiceAccount? {
        let key = accounts.key
        return try await accounts.database.read { session in
            try session.first(
                "SELECT domain, address, username, credential, pattern FROM service_accounts WHERE account_id = ?",
                [.text(id.value)]
            ) { row in
                ServiceAccount(
                    account: id, domain: try row.text(0), address: try row.text(1), username: try row.text(2),
                    credential: try key.open(try row.blob(3), for: Purpose.credential), pattern: try row.text(4))
            }
        }
    }

    /// Whom `service` opened for `client` before, by where their calendars are.
    public static func opened(
        _ principal: String, through service: AccountID, client: ClientID, in session: any ReadSession
    ) throws -> AccountID? {
        try session.first(
            """
            SELECT p.account_id FROM profiles p JOIN grants g ON g.account_id = p.account_id
            WHERE g.client_id = ? AND g.granted_by = ? AND p.provider = ? AND p.identity = ?
            """,
            [
                .text(client.value), .text(service.value), .text(domainProvider.value), .text(principal),
            ]
        ) { AccountID(try $0.text(0)) }
    }
}
