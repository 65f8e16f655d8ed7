public import Accounts
public import CivilTime

/// What an administrator gives to open a domain's calendars.
public struct DomainRequest: Hashable, Sendable {
    public let domain, address, username: String
    public let password: Secret
    /// With `{user}`; nil: found from the administrator's own account.
    public let pattern: String?
    public let zone: ZoneID
    public let client: ClientID

    public init(
        domain: String, address: String, username: String, password: Secret, pattern: String?, zone: ZoneID,
        client: ClientID
    ) {
        (self.domain, self.address, self.username) = (domain, address, username)
        (self.password, self.pattern, self.zone, self.client) = (password, pattern, zone, client)
    }
}
