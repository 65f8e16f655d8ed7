public import GuardedHTTP

/// What a person gave to connect a CalDAV account.
public struct CalDAVAccount: Sendable {
    public var service: CalDAVService
    /// Where discovery starts: the server's address, or the mail domain's.
    public var start: WebAddress
    public var user: String
    public var password: Secret
    /// Sites beside the start's own that the person confirmed: the password may go there too.
    public var confirmedSites: [Origin]
    /// True where only a mail address or a domain was given, so that its service records are asked first.
    public var startsFromDomain: Bool
    /// The principal whose calendars are meant, where it is not the user's own.
    public var actsFor: WebAddress?

    public init(
        service: CalDAVService, start: WebAddress, user: String, password: Secret, confirmedSites: [Origin] = [],
        startsFromDomain: Bool = false
    ) {
        (self.service, self.start, self.user, self.password) = (service, start, user, password)
        (self.confirmedSites, self.startsFromDomain) = (confirmedSites, startsFromDomain)
    }

    /// From what was typed: an address, a domain or a mail address. A service with an address of its own ignores it.
    public init(
        service: CalDAVService, server typed: String, user: String, password: Secret, confirmedSites: [Origin] = []
    ) throws(WebAddress.Fault) {
        let text = typed.split(separator: " ").joined(separator: " ")
        let isAddress = text.contains("://")
        let domain = text.split(separator: "@").last.map(String.init) ?? text
        let start: WebAddress
        if let own = service.start {
            start = own
        } else {
            start = try WebAddress(parsing: isAddress ? text : "https://" + domain)
        }
        self.init(
            service: service, start: start, user: user, password: password, confirmedSites: confirmedSites,
            startsFromDomain: service.start == nil && !isAddress && !domain.contains("/"))
    }

    var credential: Credential {
        Credential(
            user: user, password: password, for: start.origin,
            alsoFor: service.sites + confirmedSites.map { .origin($0) })
    }
}
