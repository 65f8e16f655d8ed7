internal import GuardedHTTP
internal import ProviderKit

/// Finds an account's calendars from the address a person gave (RFC 6764 §6, RFC 5397, RFC 4791 §6.2.1): the address
/// or a usual path leads to the principal, the principal to its homes, the homes to the calendars.
struct CalDAVDiscovery: Sendable {
    let dav: DAVClient
    let account: CalDAVAccount
    let failures: CalDAVFailures

    func run() async throws(CalDAVDiscoveryError) -> RemoteAccount {
        if let principal = account.actsFor { return try await calendars(of: principal, or: principal, nil) }
        let context = try await firstContext()
        guard let principal = context.principal else {
            return remoteAccount(identity: context.address, nil, try await calendars(near: context))
        }
        return try await calendars(of: principal, or: context.address, context.calendar)
    }

    private func calendars(
        of principal: WebAddress, or address: WebAddress, _ own: RemoteCalendar?
    ) async throws(CalDAVDiscoveryError) -> RemoteAccount {
        let details = try await Principal.read(principal, dav, failures)
        var calendars: [RemoteCalendar] = []
        // Servers without a home set keep the calendars below the principal, or at the address that was given.
        for home in details.homes.isEmpty ? [principal, address] : details.homes {
            calendars += try await listed(in: home, isOptional: details.homes.count != 1)
        }
        if calendars.isEmpty, let own { calendars = [own] }
        guard !calendars.isEmpty || !details.homes.isEmpty else { throw .noCalendars }
        let standard = try await details.standardCalendar(dav)
        return remoteAccount(identity: details.address, details, marked(unique(calendars), standard: standard))
    }

    /// Where the account's own calendars stand, and new ones go.
    func home() async throws(CalDAVDiscoveryError) -> WebAddress {
        if let principal = account.actsFor {
            return try await Principal.read(principal, dav, failures).homes.first ?? principal
        }
        let context = try await firstContext()
        guard let principal = context.principal else { return context.address }
        return try await Principal.read(principal, dav, failures).homes.first ?? principal
    }

    /// The account's own principal, or where it would stand.
    func principal() async throws(CalDAVDiscoveryError) -> WebAddress {
        if let principal = account.actsFor { return principal }
        let context = try await firstContext()
        return context.principal ?? context.address
    }

    private func remoteAccount(
        identity: WebAddress, _ principal: Principal?, _ calendars: [RemoteCalendar]
    ) -> RemoteAccount {
        RemoteAccount(
            identity: identity.description, displayName: principal?.displayName ?? account.user,
            addresses: principal?.addresses ?? [], calendars: calendars)
    }

    /// The address that answers as CalDAV, trying the likely ones in turn.
    private func firstContext() async throws(CalDAVDiscoveryError) -> DiscoveryContext {
        var refusal: CalDAVDiscoveryError?
        var refusedPasswords = 0
        for candidate in await DiscoveryCandidates.addresses(for: account) {
            do {
                if let context = try await DiscoveryContext.read(candidate, dav) { return context }
            } catch {
                // Some servers refuse everyone at paths they do not have; a second refusal is about the password.
                if error.status == 401 { refusedPasswords += 1 }
                let failure = discoveryError(error)
                guard error.isAboutRequest || error.status == 401 else { throw failure }
                if refusal == nil || error.status == 401 { refusal = failure }
                if refusedPasswords >= (account.service.start == nil ? 2 : 1) { throw failure }
            }
        }
        throw refusal ?? .noCalendars
    }

    /// Where no principal is known, the address itself may be a calendar or a home.
    private func calendars(near context: DiscoveryContext) async throws(CalDAVDiscoveryError) -> [RemoteCalendar] {
        if let calendar = context.calendar { return marked([calendar], standard: nil) }
        let found = try await listed(in: context.address, isOptional: true)
        guard !found.isEmpty else { throw .noCalendars }
        return marked(unique(found), standard: nil)
    }

    private func listed(in home: WebAddress, isOptional: Bool) async throws(CalDAVDiscoveryError) -> [RemoteCalendar] {
        do {
            return try await dav.propfind(home, .one, CalendarProperties.requested).0.members
                .compactMap(CalendarProperties.calendar)
        } catch {
            if isOptional, error.isAboutRequest { return [] }
            throw discoveryError(error)
        }
    }

    /// iCloud and others list a calendar more than once, in spellings that differ.
    private func unique(_ calendars: [RemoteCalendar]) -> [RemoteCalendar] {
        var seen: Set<String> = []
        return calendars.filter { seen.insert(Self.plain($0.id.value)).inserted }
    }

    private func marked(_ calendars: [RemoteCalendar], standard: WebAddress?) -> [RemoteCalendar] {
        let wanted = standard.flatMap { standard in
            calendars.firstIndex { Self.plain($0.id.value) == Self.plain(standard.description) }
        }
        guard let index = wanted ?? calendars.firstIndex(where: { !$0.isReadOnly }) else { return calendars }
        var result = calendars
        result[index].isPrimary = true
        return result
    }

    /// An address for comparing: decoded, with or without its last slash.
    private static func plain(_ address: String) -> String {
        let text = PercentEncoding.decoded(address) ?? address
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private func discoveryError(_ error: DAVError) -> CalDAVDiscoveryError {
        if case .anotherSite(let origin) = error { .anotherSite(origin) } else { .failed(failures.failure(for: error)) }
    }
}
