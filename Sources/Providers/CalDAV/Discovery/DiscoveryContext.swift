internal import GuardedHTTP
internal import ProviderKit

/// What one address says about itself when it is asked where the person's calendars are.
struct DiscoveryContext: Sendable {
    /// After redirects.
    let address: WebAddress
    let principal: WebAddress?
    /// Set where the address is itself a calendar.
    let calendar: RemoteCalendar?

    private static let requested = "<D:current-user-principal/><C:calendar-home-set/>" + CalendarProperties.requested

    /// Nil where the address answers but has nothing to do with calendars.
    static func read(_ address: WebAddress, _ dav: DAVClient) async throws(DAVError) -> DiscoveryContext? {
        let (answer, final) = try await dav.propfind(address, .zero, requested)
        guard let member = answer.members.first(where: { !$0.isMissing && $0.status ?? 200 < 300 }) else { return nil }
        let user = member[.dav("current-user-principal")]
        // RFC 5397 §3: the server did not look at the password at all.
        if user?.has(.dav("unauthenticated")) == true { throw .status(401, conditions: [], retryAfter: nil) }
        var principal = user?.hrefs.first.flatMap { Href.address($0, base: final) }
        if principal == nil, member[.caldav("calendar-home-set")]?.hrefs.isEmpty == false { principal = final }
        let calendar = CalendarProperties.calendar(member)
        let isCollection = member[.dav("resourcetype")]?.has(.dav("collection")) ?? false
        guard principal != nil || calendar != nil || isCollection else { return nil }
        return DiscoveryContext(address: final, principal: principal, calendar: calendar)
    }
}

/// Where to look, in order.
enum DiscoveryCandidates {
    /// Paths where widespread servers answer.
    static let usualPaths = [
        "/", "/remote.php/dav/", "/dav/", "/dav.php/", "/cal.php/", "/caldav/", "/caldav.php/", "/SOGo/dav/",
        "/calendars/", "/webdav/",
    ]

    static func addresses(for account: CalDAVAccount) async -> [WebAddress] {
        let start = account.start
        let wellKnown = start.with(path: "/.well-known/caldav")  // RFC 6764 §5
        let service = account.startsFromDomain ? await published(in: start) : nil
        let named = start.path == "/" ? [] : [start]
        // SOGo's and DAViCal's paths carry the user's name.
        let user = PercentEncoding.segment(account.user)
        let usual = usualPaths + ["/SOGo/dav/\(user)/", "/caldav.php/\(user)/", "/calendars/\(user)/", "/\(user)/"]
        var seen: Set<WebAddress> = []
        let all = named + (service.map { [$0] } ?? []) + [wellKnown] + usual.map { start.with(path: $0) }
        return all.filter { seen.insert($0).inserted }
    }

    /// What the domain publishes about its server (RFC 6764 §6); its path, or else the well-known one there.
    private static func published(in start: WebAddress) async -> WebAddress? {
        guard let found = await ServiceLookup.find("_caldavs._tcp", in: start.host) else { return nil }
        do {
            return try WebAddress(parsing: "https://\(found.host):\(found.port)\(found.path ?? "/.well-known/caldav")")
        } catch { return nil }
    }
}
