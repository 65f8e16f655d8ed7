/// Which service keeps the calendar of an e-mail address: by the address itself where everybody knows, else by what its
/// domain publishes. A hint for a form, never a decision: what it leads to is checked like anything typed.
struct ProviderGuess: Hashable, Sendable {
    let kind: ConnectKind
    /// The vendor that keeps it, where it is one that people can sign in with.
    var vendor: String?
    var prefill: [String: String] = [:]
    var note: String?

    static func make(from email: String, asking domains: any MailDomainLooking) async -> ProviderGuess {
        let domain = domain(of: email)
        if let known = preset(domain, email) { return known }
        if let host = await domains.calendarHost(of: domain) {
            return caldav(email, address: domain, "\(domain) publishes its calendar server, \(host).")
        }
        for host in await domains.mailHosts(of: domain) {
            if let known = byMailHost(host.lowercased(), email) { return known }
        }
        return caldav(
            email, address: domain,
            "We could not tell which service \(domain) uses. If its calendar speaks CalDAV, go on; else choose another way."
        )
    }

    static func domain(of email: String) -> String {
        (email.split(separator: "@").last.map(String.init) ?? email).lowercased()
    }

    /// Domains that belong to one service.
    static func preset(_ domain: String, _ email: String) -> ProviderGuess? {
        switch domain {
        case "icloud.com", "me.com", "mac.com":
            return ProviderGuess(kind: .icloud, prefill: ["username": email])
        case "gmail.com", "googlemail.com": return google
        case "outlook.com", "hotmail.com", "live.com", "msn.com": return microsoft
        case let domain where domain.hasPrefix("fastmail."):
            return caldav(
                email, address: "https://caldav.fastmail.com/",
                "This is Fastmail. Make an app password with access to calendars, under Settings, Privacy & Security, "
                    + "and use it here.")
        case "mailbox.org": return caldav(email, address: "https://dav.mailbox.org/caldav/", nil)
        case "yahoo.com":
            return caldav(
                email, address: "https://caldav.calendar.yahoo.com/",
                "This is Yahoo. Make an app password under Account Security, and use it here.")
        case let domain where domain.hasPrefix("posteo."):
            return caldav(email, address: "https://posteo.de:8443/", nil)
        default: return nil
        }
    }

    /// Services that keep other people's domains.
    static func byMailHost(_ host: String, _ email: String) -> ProviderGuess? {
        if host.hasSuffix(".google.com") || host.hasSuffix(".googlemail.com") { return google }
        if host.hasSuffix(".outlook.com") { return microsoft }
        if host.hasSuffix(".icloud.com") { return ProviderGuess(kind: .icloud, prefill: ["username": email]) }
        if host.hasSuffix(".messagingengine.com") { return preset("fastmail.com", email) }
        if host.hasSuffix(".mailbox.org") { return preset("mailbox.org", email) }
        if host.hasSuffix(".posteo.de") { return preset("posteo.de", email) }
        return nil
    }

    private static let google = ProviderGuess(
        kind: .ics, vendor: "google",
        note: "This address is with Google. Its calendar can be read by its secret address: in Google Calendar’s "
            + "settings, under Integrate calendar, Secret address in iCal format.")

    private static let microsoft = ProviderGuess(
        kind: .ics, vendor: "microsoft",
        note: "This address is with Microsoft. Its calendar can be read by a published address: in Outlook’s settings, "
            + "under Calendar, Shared calendars, Publish a calendar, the ICS link.")

    private static func caldav(_ email: String, address: String, _ note: String?) -> ProviderGuess {
        ProviderGuess(kind: .caldav, prefill: ["address": address, "username": email], note: note)
    }
}

/// What a domain publishes. Looks fail quietly: no network gives no answers.
public protocol MailDomainLooking: Sendable {
    /// Where it takes its mail (MX), preferred first.
    func mailHosts(of domain: String) async -> [String]
    /// Where its calendars are (`_caldavs._tcp`, RFC 6764 §3).
    func calendarHost(of domain: String) async -> String?
}
