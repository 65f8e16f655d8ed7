internal import GuardedHTTP

/// A person as the server knows them (RFC 4791 §6.2, RFC 6638 §2.4).
struct Principal: Sendable {
    let address: WebAddress
    let displayName: String?
    /// RFC 6638 §2.4.1; the server puts the preferred one first.
    let addresses: [String]
    let homes: [WebAddress]
    private let inbox: WebAddress?

    private static let requested =
        "<D:displayname/><C:calendar-home-set/><C:calendar-user-address-set/><C:schedule-inbox-URL/>"

    static func read(
        _ address: WebAddress, _ dav: DAVClient, _ failures: CalDAVFailures
    ) async throws(CalDAVDiscoveryError) -> Principal {
        do {
            let (answer, final) = try await dav.propfind(address, .zero, requested)
            guard let member = answer.members.first(where: { !$0.isMissing }) else {
                throw CalDAVDiscoveryError.noCalendars
            }
            return Principal(member, at: final)
        } catch let error as CalDAVDiscoveryError {
            throw error
        } catch let error as DAVError {
            if case .anotherSite(let origin) = error { throw .anotherSite(origin) }
            throw .failed(failures.failure(for: error))
        } catch { throw .noCalendars }
    }

    private init(_ member: Multistatus.Member, at address: WebAddress) {
        self.address = address
        let name = member[.dav("displayname")]?.trimmedText
        displayName = name?.isEmpty == false ? name : nil
        addresses = (member[.caldav("calendar-user-address-set")]?.hrefs ?? [])
            .filter { $0.lowercased().hasPrefix("mailto:") && $0.utf8.count <= 320 }.prefix(20).map {
                String($0.dropFirst(7))
            }
        homes = member[.caldav("calendar-home-set")]?.hrefs.compactMap { Href.address($0, base: address) } ?? []
        inbox = member[.caldav("schedule-inbox-URL")]?.hrefs.first.flatMap { Href.address($0, base: address) }
    }

    /// Where invitations land (RFC 6638 §9.2), asked of the inbox; nil where there is none or it does not say.
    func standardCalendar(_ dav: DAVClient) async throws(CalDAVDiscoveryError) -> WebAddress? {
        guard let inbox, dav.credential.mayGo(to: inbox.origin) else { return nil }
        do {
            let (answer, final) = try await dav.propfind(inbox, .zero, "<C:schedule-default-calendar-URL/>")
            let href = answer.members.first?[.caldav("schedule-default-calendar-URL")]?.hrefs.first
            return href.flatMap { Href.address($0, base: final) }
        } catch { return nil }  // only a preference; the calendars are known without it
    }
}
