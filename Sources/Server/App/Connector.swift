import Accounts
import Authorization
import CalDAV
import CivilTime
import Events
import GuardedHTTP
import ICSFeed
import ICalendar
import Native
import ProviderKit
import SignInKit
import StorageKit
import Sync
import Web

/// Connects calendars for the pages and the command line alike.
struct Connector: CalendarConnecting {
    let profiles: ProfileStore
    let linker: ProfileLinker
    let authorization: AuthorizationDesk
    let registry: ProviderRegistry
    let zones: ZoneDatabase

    private var database: any Database { profiles.accounts.database }

    /// Whose calendar it becomes.
    private enum Owner {
        case known(AccountID)
        case new(NewPerson)
    }

    func connect(_ request: ConnectRequest, for account: AccountID) async throws(ConnectError) -> ProfileID {
        try await connect(request, .known(account)).profile
    }

    func connect(
        _ request: ConnectRequest, forNew person: NewPerson
    ) async throws(ConnectError) -> (account: AccountID, profile: ProfileID) {
        try await connect(request, .new(person))
    }

    private func connect(
        _ request: ConnectRequest, _ owner: Owner
    ) async throws(ConnectError) -> (account: AccountID, profile: ProfileID) {
        switch request {
        case .calDAV(let address, let username, let password, let site):
            let link = ProfileLinker.Link(
                provider: ProviderName("caldav"),
                address: ([address] + [site].compactMap { $0 }).joined(separator: "\n"),
                username: username, credential: password)
            return try await connectCalDAV(link, owner)
        case .iCloud(let appleID, let password):
            let link = ProfileLinker.Link(
                provider: ProviderName("icloud"), address: "https://caldav.icloud.com/", username: appleID,
                credential: password)
            return try await connectCalDAV(link, owner)
        case .ics(let address, let name): return try await connectFeed(address, name: name, owner)
        case .signedIn(let vendor, let grant): return try await connectVendor(vendor, grant, owner)
        case .native(let name, let zone):
            let account = try await stored { () async throws -> AccountID in try await self.account(of: owner) }
            let profile = try await connectNative(account) { session in
                let id = try DatabaseNativeStore.create(
                    named: name, zone: try Self.zone(zone, of: account, in: session), account: account, in: session)
                return (id, 0)
            }.profile
            return (account, profile)
        }
    }

    private func connectCalDAV(
        _ link: ProfileLinker.Link, _ owner: Owner
    ) async throws(ConnectError) -> (account: AccountID, profile: ProfileID) {
        try await store(link, try await discover(link), owner)
    }

    /// What the server shows to this credential.
    private func discover(_ link: ProfileLinker.Link) async throws(ConnectError) -> RemoteAccount {
        let provider: CalDAVProvider
        do { provider = try registry.calDAV(link) } catch { throw .refusedAddress(reason: error.sentence) }
        do { return try await provider.findCalendars() } catch {
            switch error {
            case .anotherSite(let origin): throw .needsConfirmation(site: origin.description)
            case .noCalendars: throw .notACalendar(reason: error.sentence)
            case .failed(let failure): throw ConnectError(failure)
            }
        }
    }

    private func connectVendor(
        _ vendor: String, _ grant: Accounts.Secret, _ owner: Owner
    ) async throws(ConnectError) -> (account: AccountID, profile: ProfileID) {
        guard let tokens = SignInTokens(stored: grant.reveal()), let api = registry.vendors[vendor]?.api else {
            throw .failed
        }
        let provider: any CalendarProvider
        do { provider = try registry.vendor(vendor) { _ in FirstToken(access: tokens.access) } } catch { throw .failed }
        var remote: RemoteAccount
        do { remote = try await provider.discover() } catch { throw ConnectError(error) }
        // The address tells people which account it is; their name does not.
        remote.displayName = remote.email ?? remote.displayName
        let link = ProfileLinker.Link(
            provider: ProviderName(vendor), address: api.description, username: nil, credential: grant)
        return try await store(link, remote, owner)
    }

    private func connectFeed(
        _ address: Accounts.Secret, name: String?, _ owner: Owner
    ) async throws(ConnectError) -> (account: AccountID, profile: ProfileID) {
        let parsed: WebAddress
        do { parsed = try WebAddress(parsing: address.reveal()) } catch {
            throw .refusedAddress(reason: error.sentence)
        }
        let feed = ICSFeedProvider(address: parsed, client: registry.client, reader: registry.reader, now: registry.now)
        var remote: RemoteAccount
        do { remote = try await feed.discover() } catch { throw ConnectError(error) }
        if let name { remote.displayName = name }
        // The address is often a secret: what is kept in the open names it without telling it.
        remote.identity = Crypto.hex(Crypto.sha256(address.reveal()).prefix(16))
        let link = ProfileLinker.Link(
            provider: ProviderRegistry.icsFeed, address: parsed.host, username: nil, credential: address)
        return try await store(link, remote, owner)
    }

    /// One transaction links what has answered, and makes the account where there was none.
    private func store(
        _ link: ProfileLinker.Link, _ remote: RemoteAccount, _ owner: Owner
    ) async throws(ConnectError) -> (account: AccountID, profile: ProfileID) {
        let (prepared, fresh, now) = (linker.prepare(link), AccountID(fresh: .person), profiles.accounts.now())
        return try await stored { () async throws -> (account: AccountID, profile: ProfileID) in
            try await database.write { session -> (account: AccountID, profile: ProfileID) in
                let account: AccountID
                switch owner {
                case .known(let id): account = id
                case .new(let person):
                    account = fresh
                    try insert(fresh, person, remote, username: link.username, now: now, in: session)
                }
                return (account, try linker.link(prepared, to: remote, account: account, in: session))
            }
        }
    }

    private func account(of owner: Owner) async throws -> AccountID {
        switch owner {
        case .known(let id): return id
        case .new(let person):
            let (fresh, now) = (AccountID(fresh: .person), profiles.accounts.now())
            try await database.write { try insert(fresh, person, nil, username: nil, now: now, in: $0) }
            return fresh
        }
    }

    private func insert(
        _ id: AccountID, _ person: NewPerson, _ remote: RemoteAccount?, username: String?, now: Instant,
        in session: any WriteSession
    ) throws {
        let email = remote?.email ?? person.email ?? (username?.contains("@") == true ? username : nil)
        let primary = remote?.calendars.first { $0.isPrimary } ?? remote?.calendars.first
        let zone = person.zone ?? primary?.zoneName.flatMap { zones.resolve(name: $0)?.id } ?? .utc
        try AccountStore.insert(
            id, email: email ?? "", name: email == nil ? remote?.displayName : nil, zone: zone, now: now, in: session)
    }

    // MARK: Domains

    func connectDomain(_ request: DomainRequest) async throws(ConnectError) -> AccountID {
        let link = ProfileLinker.Link(
            provider: ProviderName("caldav"), address: request.address, username: request.username,
            credential: request.password)
        let remote = try await discover(link)
        guard
            let pattern = request.pattern
                ?? ServiceAccount.pattern(from: remote.identity, username: request.username)
        else {
            throw .notACalendar(
                reason: "Your own account does not show where a person’s calendars are. Say it, with {user}.")
        }
        do { try checkPattern(pattern, near: remote.identity) } catch {
            throw .refusedAddress(reason: "A person’s calendars must be on the same server, with {user} in the path.")
        }
        let (fresh, now) = (AccountID(fresh: .serviceAccount), profiles.accounts.now())
        return try await stored { () async throws -> AccountID in
            try await database.write { session -> AccountID in
                let known = try AuthorizationDesk.serviceAccount(
                    at: remote.identity, username: request.username, client: request.client, in: session)
                if known == nil {
                    try AccountStore.insert(
                        fresh, email: remote.email ?? request.username + "@" + request.domain,
                        name: request.domain, zone: request.zone, now: now, in: session)
                }
                try authorization.store(
                    ServiceAccount(
                        account: known ?? fresh, domain: request.domain, address: remote.identity,
                        username: request.username, credential: request.password, pattern: pattern), in: session)
                return known ?? fresh
            }
        }
    }

    /// The password goes to the server that took it, and nowhere else.
    private func checkPattern(_ pattern: String, near identity: String) throws {
        let filled = try WebAddress(parsing: pattern.replacing("{user}", with: "x"))
        guard pattern.contains("{user}"), filled.origin == (try WebAddress(parsing: identity)).origin else {
            throw WebAddress.Fault.malformedHost
        }
    }

    // MARK: Calendars that live here

    func importFile(
        _ text: [UInt8], name: String, for account: AccountID
    ) async throws(ConnectError) -> ImportSummary {
        let document: ICalendarDocument
        do { document = try ICalendarDocument(reading: text) } catch {
            switch error {
            case .notACalendar:
                throw .notACalendar(reason: "The file is not an iCalendar file: nothing in it begins a VCALENDAR.")
            case .tooManyComponents(let limit):
                throw .notACalendar(reason: "The file holds more than \(limit) components.")
            case .tooLarge(let limit):
                throw .notACalendar(reason: "The file is larger than \(limit >> 20) MB.")
            }
        }
        guard !document.isTruncated else {
            throw .notACalendar(reason: "The file ends before END:VCALENDAR; nothing was imported.")
        }
        let zones = self.zones
        let title = document.calendars.first?.first("X-WR-CALNAME")?.text ?? name.withoutExtension
        let zoneName = document.calendars.first?.first("X-WR-TIMEZONE")?.text
        let sources = document.items().map { (uid: $0.uid, text: $0.calendar.icalendarText) }
        let (profile, imported) = try await connectNative(account) { session in
            let zone = zoneName.flatMap { zones.resolve(name: $0)?.id }
            let id = try DatabaseNativeStore.create(
                named: title, zone: try Self.zone(zone, of: account, in: session), account: account, in: session)
            for (uid, text) in sources {
                try DatabaseNativeStore.insert(text, uid: uid, in: id, account: account, session: session)
            }
            return (id, sources.count)
        }
        // Counted by the reader that the sync has: what it says here is what will stand in the calendar.
        let putAside = sources.count { source in
            if case .unreadable = registry.reader.content(of: source.text) { true } else { false }
        }
        return ImportSummary(profile: profile, calendar: title, imported: imported - putAside, putAside: putAside)
    }

    private func connectNative(
        _ account: AccountID, _ create: @escaping @Sendable (any WriteSession) throws -> (RemoteCalendarID, Int)
    ) async throws(ConnectError) -> (profile: ProfileID, items: Int) {
        try await stored {
            let (id, count) = try await database.write(create)
            let store = DatabaseNativeStore(database: database, account: account)
            let remote = RemoteAccount(
                identity: "native", displayName: "Calendars kept here", calendars: try await store.calendars())
            let link = ProfileLinker.Link(
                provider: ProviderRegistry.native, address: "native", username: nil, credential: nil)
            let profile = try await linker.link(link, to: remote, account: account)
            if count == 0 { try await linker.markRead(id, profile: profile, of: account) }
            return (profile, count)
        }
    }

    /// The calendar of an application's own account: made, linked and known to be empty in one transaction.
    func makeOwnCalendar(of account: AccountID, named name: String, in session: any WriteSession) throws {
        let id = try DatabaseNativeStore.create(named: name, zone: ZoneID.utc.name, account: account, in: session)
        var calendar = RemoteCalendar(id: id, name: name)
        (calendar.zoneName, calendar.isPrimary) = (ZoneID.utc.name, true)
        let link = ProfileLinker.Link(
            provider: ProviderRegistry.native, address: "native", username: nil, credential: nil)
        let profile = try linker.link(
            linker.prepare(link), to: RemoteAccount(identity: "native", displayName: name, calendars: [calendar]),
            account: account, in: session)
        try linker.markRead(id, profile: profile, of: account, in: session)
    }

    private static func zone(_ zone: ZoneID?, of account: AccountID, in session: any ReadSession) throws -> String {
        if let zone { return zone.name }
        return try AccountStore.account(account, in: session)?.zone.name ?? ZoneID.utc.name
    }

    // MARK: Profiles

    func reconnect(_ profile: ProfileID, of account: AccountID, password: Accounts.Secret) async throws(ConnectError) {
        let known = try await stored {
            try await database.read { try ProfileStore.profile(profile, of: account, in: $0) }
        }
        guard let known else { throw .unknownProfile }
        let link = ProfileLinker.Link(
            provider: known.provider, address: known.address, username: known.username, credential: password)
        _ = try await connectCalDAV(link, .known(account))
    }

    func pause(_ profile: ProfileID, of account: AccountID, paused: Bool) async throws {
        guard try await linker.setPaused(paused, profile: profile, of: account) else {
            throw ConnectError.unknownProfile
        }
    }

    func remove(_ profile: ProfileID, of account: AccountID) async throws {
        let now = profiles.accounts.now()
        let wasThere = try await database.write { session in
            let wasThere = try ProfileLinker.remove(profile, of: account, cause: .person, now: now, in: session)
            if wasThere { try AuthorizationDesk.endOpened(through: account, now: now, in: session) }
            return wasThere
        }
        guard wasThere else { throw ConnectError.unknownProfile }
    }

    func syncNow(_ profile: ProfileID, of account: AccountID) async throws {
        try await linker.syncNow(profile, of: account)
    }

    func retry(_ item: ItemNumber, of account: AccountID) async throws {
        guard try await linker.readAgain(item.value, of: account) else { throw ConnectError.unknownProfile }
    }

    private func stored<T: Sendable>(_ body: () async throws -> T) async throws(ConnectError) -> T {
        do { return try await body() } catch { throw .failed }
    }
}

extension ConnectError {
    fileprivate init(_ failure: RemoteFailure) {
        self =
            switch failure {
            case .authorizationLost(let reason): .wrongCredential(reason: reason)
            case .unreachable(let reason): .unreachable(reason: reason)
            case .refused(_, let reason): .notACalendar(reason: reason)
            case .throttled: .unreachable(reason: "The server asks to be left alone for a while. Try again later.")
            case .gone, .conflict, .cursorExpired: .notACalendar(reason: "No calendars were found at this address.")
            }
    }

    /// One line fit to show, and the exit code that goes with it.
    var failure: OperationFailure {
        switch self {
        case .refusedAddress(let reason): .init(.badInput, reason)
        case .unreachable(let reason): .init(.unavailable, reason)
        case .wrongCredential(let reason): .init(.refused, reason)
        case .notACalendar(let reason): .init(.badInput, reason)
        case .needsConfirmation(let site):
            .init(
                .refused, "The calendars are at \(site). Use that address to say that your password may be sent there.")
        case .duplicate: .init(.badInput, "this account has that calendar already")
        case .unknownProfile: .init(.notFound, "there is no such connection")
        case .failed: .init(.internalFault, "the connection could not be stored; the server's log says why")
        }
    }
}

extension String {
    fileprivate var withoutExtension: String {
        guard let dot = lastIndex(of: "."), dot != startIndex else { return self }
        return String(self[..<dot])
    }
}
