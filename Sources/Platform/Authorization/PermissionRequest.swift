public import Accounts
import CivilTime
import StorageKit

/// What an application asks of an account's owner beyond its scope: a free hand in some calendars, or to give it back.
public struct PermissionRequest: Hashable, Sendable {
    public let account: AccountID
    public let client: ClientID
    public let calendars: [CalendarID]
    public let isUnrestricted: Bool
    public let redirectURI: String

    public init(
        account: AccountID, client: ClientID, calendars: [CalendarID], isUnrestricted: Bool, redirectURI: String
    ) {
        (self.account, self.client, self.calendars) = (account, client, calendars)
        (self.isUnrestricted, self.redirectURI) = (isUnrestricted, redirectURI)
    }
}

extension AuthorizationDesk {
    /// Seconds a page for a request may be used.
    public static let permissionLife: Int64 = 3600

    private static let purpose = "permission-request"

    /// The request as an address can hold it: sealed, so that nothing in it can be changed.
    public func token(for request: PermissionRequest) -> Secret {
        let lines = [
            String(accounts.now().seconds + Self.permissionLife), request.account.value, request.client.value,
            request.isUnrestricted ? "unrestricted" : "sandbox", request.redirectURI,
        ]
        let text = (lines + request.calendars.map(\.value)).joined(separator: "\n")
        return Secret(Crypto.hex(accounts.key.seal(Secret(text), for: Self.purpose)))
    }

    /// Nil where the token is not ours or has expired.
    public func permissionRequest(_ token: Secret) -> PermissionRequest? {
        guard let text = open(token, for: Self.purpose) else { return nil }
        let lines = text.split(separator: "\n").map(String.init)
        guard lines.count > 5, let end = Int64(lines[0]), accounts.now().seconds < end else { return nil }
        return PermissionRequest(
            account: AccountID(lines[1]), client: ClientID(lines[2]), calendars: lines[5...].map { CalendarID($0) },
            isUnrestricted: lines[3] == "unrestricted", redirectURI: lines[4])
    }

    /// Carries the request out, where the application still has access. The owner has said yes.
    public func grant(_ request: PermissionRequest) async throws {
        let now = accounts.now()
        try await accounts.database.write { session in
            guard try Self.hasGrant(request.account, request.client, in: session) else { return }
            try CalendarPermissions.set(
                unrestricted: request.isUnrestricted, request.calendars, for: request.client, of: request.account,
                now: now, in: session)
        }
    }

    // MARK: Relinking

    /// Names a profile in an address, for its owner to give it a new password; opens nothing by itself.
    public func relinkToken(for profile: ProfileID, of account: AccountID) -> Secret {
        Secret(Crypto.hex(accounts.key.seal(Secret(account.value + "\n" + profile.value), for: "relink")))
    }

    public func relinkTarget(_ token: Secret) -> (account: AccountID, profile: ProfileID)? {
        guard let lines = open(token, for: "relink")?.split(separator: "\n").map(String.init), lines.count == 2 else {
            return nil
        }
        return (AccountID(lines[0]), ProfileID(lines[1]))
    }

    private func open(_ token: Secret, for purpose: String) -> String? {
        guard let bytes = Crypto.bytes(hex: token.reveal()) else { return nil }
        do { return try accounts.key.open(bytes, for: purpose).reveal() } catch { return nil }
    }
}
