import Accounts
import Availability
import CivilTime
import CronofyWire
import Events
import GuardedHTTP
import ICalendar
import Jobs
import Logging
import ProviderKit
import Scheduling
import StorageKit
import Sync
import Web

/// Does what the command line asks, in whichever process holds the database.
struct OperationRunner: Sendable {
    let platform: AnchorpointPlatform
    /// A server runs the jobs by itself; a command that holds the database runs them while it waits.
    let runsJobs: Bool

    func run(_ operation: Operation, _ send: @escaping @Sendable (OperationMessage) -> Void) async {
        do {
            let (json, text) = try await perform(operation, send)
            send(.result(json: json, text: text))
        } catch let failure as OperationFailure {
            send(.failure(failure))
        } catch let error as ConnectError {
            send(.failure(error.failure))
        } catch let errors as WireErrors {
            let text = errors.fields.map { "\($0.name) \($0.entries.map(\.description).joined(separator: ", "))" }
            send(.failure(.init(.badInput, text.joined(separator: "; "))))
        } catch {
            platform.logger.error("a command failed", metadata: ["error": "\(error)"])
            send(.failure(.init(.internalFault, "it failed inside: \(error)")))
        }
    }

    private func perform(
        _ operation: Operation, _ send: @escaping @Sendable (OperationMessage) -> Void
    ) async throws -> (json: String, text: String) {
        switch operation {
        case .createApplication(let name, let uris, let isPublic):
            return try await ApplicationOperations(platform: platform).create(name, uris, isPublic: isPublic)
        case .listApplications: return try await ApplicationOperations(platform: platform).list()
        case .rotateSecret(let client, let overlap):
            return try await ApplicationOperations(platform: platform).rotateSecret(client, overlap)
        case .redirectURIs(let client, let added, let removed):
            return try await ApplicationOperations(platform: platform).redirectURIs(client, added, removed)
        case .createAccount(let client, let email, let name, let zone, let scope):
            return try await createAccount(client, email, name, zone, scope)
        case .connect(let account, let provider, let url, let username, let password):
            return try await connect(account, provider, url, username, password)
        case .listCalendars(let account): return try await listCalendars(try await known(account))
        case .importFile(let account, let name, let text): return try await importFile(account, name, text, send)
        case .export(let account, let calendar): return try await export(account, calendar)
        case .sync(let account, let wait): return try await sync(account, wait: wait, send)
        case .availability(let accounts, let from, let to, let minutes, let interval):
            return try await availability(accounts, from, to, minutes, interval)
        case .signIn(let account): return try await signIn(account)
        case .deadLetters(let replay): return try await deadLetters(replay)
        case .deliveries(let client, let channel, let failed, let after):
            return try await DeliveryCommands(platform: platform).list(
                client, channel: channel, failed: failed, after: after)
        case .createAdminKey: return try await OperatorCommands(platform: platform).createKey()
        case .revokeAdminKeys: return try await OperatorCommands(platform: platform).revokeKeys()
        case .listVerifications: return try await OperatorCommands(platform: platform).verifications()
        case .settleVerification(let client, let accept):
            return try await OperatorCommands(platform: platform).settle(client, accept: accept)
        case .replayDeliveries(let client, let number):
            return try await DeliveryCommands(platform: platform).replay(client, number: number)
        }
    }

    // MARK: Applications and accounts

    private func createAccount(
        _ client: String, _ email: String, _ name: String?, _ zoneName: String?, _ scopeText: String?
    ) async throws -> (json: String, text: String) {
        guard try await platform.accounts.application(ClientID(client)) != nil else {
            throw OperationFailure(.notFound, "--client-id '\(client)' is not an application of this server")
        }
        guard email.contains("@"), email.utf8.count <= 320, !email.contains(where: \.isWhitespace) else {
            throw OperationFailure(.badInput, "--email '\(email)' is not an address")
        }
        let zone = ZoneID(zoneName ?? ZoneID.utc.name)
        guard ZoneDatabase.system.zone(zone) != nil else {
            throw OperationFailure(
                .badInput,
                "--time-zone '\(zone.name)' is not a zone of this system's database; write Europe/Paris, for example")
        }
        let scope = scopeText.map { Scope($0) } ?? .all
        guard scope.unknownNames.isEmpty, !scope.names.isEmpty else {
            throw OperationFailure(
                .badInput, "--scope: unknown \(scope.unknownNames.joined(separator: ", ")); known are \(Scope.all)")
        }
        let tokens = try await platform.accounts.createAccount(
            client: ClientID(client), email: email, name: name, zone: zone, scope: scope)
        var writer = JSONWriter()
        writer.object {
            $0.member("sub", tokens.account.value)
            $0.member("access_token", tokens.accessToken.reveal())
            $0.member("refresh_token", tokens.refreshToken.reveal())
            $0.member("expires_in", Int(tokens.expiresIn))
            $0.member("token_type", "bearer")
            $0.member("scope", tokens.scope.description)
        }
        let text =
            "sub            \(tokens.account.value)\naccess_token   \(tokens.accessToken.reveal())\nrefresh_token  \(tokens.refreshToken.reveal())"
        return (writer.text, text)
    }

    private func known(_ text: String) async throws -> Account {
        guard let account = try await platform.accounts.account(AccountID(text)) else {
            throw OperationFailure(.notFound, "'\(text)' is not an account of this server")
        }
        return account
    }

    private func signIn(_ text: String?) async throws -> (json: String, text: String) {
        var account: AccountID?
        if let text { account = try await known(text).id }
        let link = try await SignIns(accounts: platform.accounts).issueLink(
            account: account, life: SignIns.startLinkLife)
        let url = "\(platform.configuration.publicURL)/sign-in/\(link.reveal())"
        var writer = JSONWriter()
        writer.object { $0.member("url", url) }
        return (writer.text, url)
    }

    // MARK: Calendars

    private func connect(
        _ text: String, _ provider: String, _ url: String?, _ username: String?, _ password: String?
    ) async throws -> (json: String, text: String) {
        let account = try await known(text).id
        func needed(_ value: String?, _ option: String) throws -> String {
            guard let value, !value.isEmpty else {
                throw OperationFailure(.usage, "--\(option) is needed for \(provider)")
            }
            return value
        }
        let request: ConnectRequest
        switch provider {
        case "caldav":
            request = .calDAV(
                address: try needed(url, "url"), username: try needed(username, "username"),
                password: Accounts.Secret(try needed(password, "password-stdin")), confirmedSite: nil)
        case "icloud":
            request = .iCloud(
                appleID: try needed(username, "username"),
                appPassword: Accounts.Secret(try needed(password, "password-stdin")))
        case "ics": request = .ics(address: Accounts.Secret(try needed(url, "url")), name: nil)
        case "native": request = .native(name: url.map { $0.isEmpty ? "Calendar" : $0 } ?? "Calendar", zone: nil)
        default:
            throw OperationFailure(
                .usage,
                "--provider '\(provider)' is not known; choose one of \(ProviderRegistry.names.joined(separator: ", "))"
            )
        }
        let id = try await platform.connector.connect(request, for: account)
        return try await describe(profile: id, of: account)
    }

    private func describe(profile id: ProfileID, of account: AccountID) async throws -> (json: String, text: String) {
        let profile = try await platform.profiles.profiles(of: account).first { $0.id == id }
        let calendars = try await platform.profiles.calendars(of: account).filter { $0.profile == id }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("profile")
            writer.object { writer in
                writer.member("profile_id", id.value)
                writer.member("provider", profile?.provider.value ?? "")
                writer.member("profile_name", profile?.name ?? "")
                writer.member("state", profile?.connection.state.rawValue ?? "")
            }
            Self.write(calendars, to: &writer)
        }
        return (
            writer.text,
            "connected \(profile?.name ?? id.value)\n" + Self.table(calendars, now: platform.accounts.now())
        )
    }

    private func listCalendars(_ account: Account) async throws -> (json: String, text: String) {
        let calendars = try await platform.profiles.calendars(of: account.id)
        var writer = JSONWriter()
        writer.object { Self.write(calendars, to: &$0) }
        let text =
            calendars.isEmpty
            ? "no calendars yet; connect one with: anchorpoint calendars connect --account \(account.id.value) --provider …"
            : Self.table(calendars, now: platform.accounts.now())
        return (writer.text, text)
    }

    private static func write(_ calendars: [CalendarRecord], to writer: inout JSONWriter) {
        writer.name("calendars")
        writer.array(calendars) { writer, calendar in
            writer.object {
                $0.member("calendar_id", calendar.id.value)
                $0.member("calendar_name", calendar.name)
                $0.member("profile_id", calendar.profile.value)
                $0.member("calendar_readonly", calendar.isReadOnly)
                $0.member("calendar_deleted", calendar.isDeleted)
                $0.member("calendar_counted", calendar.isCounted)
                $0.member("calendar_synced_at", ifPresent: calendar.syncedAt?.description)
                $0.member("calendar_incomplete", ifPresent: calendar.incomplete)
            }
        }
    }

    private static func table(_ calendars: [CalendarRecord], now: Instant) -> String {
        calendars.map { calendar in
            let age = calendar.syncedAt.map { "in step \(now.seconds - $0.seconds) s ago" } ?? "not read yet"
            let marks = [
                calendar.isReadOnly ? "read-only" : nil, calendar.isCounted ? nil : "not counted",
                calendar.isDeleted ? "deleted" : nil,
            ]
            return "\(calendar.id.value)  \(calendar.name)  "
                + ([age] + marks.compactMap { $0 }).joined(separator: ", ")
        }.joined(separator: "\n")
    }

    private func importFile(
        _ text: String, _ name: String, _ body: String, _ send: @escaping @Sendable (OperationMessage) -> Void
    ) async throws -> (json: String, text: String) {
        let account = try await known(text).id
        let summary = try await platform.connector.importFile(Array(body.utf8), name: name, for: account)
        if runsJobs { _ = try await sync(text, wait: true, send) }
        var writer = JSONWriter()
        writer.object {
            $0.member("profile_id", summary.profile.value)
            $0.member("calendar_name", summary.calendar)
            $0.member("imported", summary.imported)
            $0.member("put_aside", summary.putAside)
        }
        return (
            writer.text, "\(summary.imported) events imported into '\(summary.calendar)', \(summary.putAside) put aside"
        )
    }

    private func export(_ text: String, _ id: String) async throws -> (json: String, text: String) {
        let account = try await known(text).id
        let calendars = try await platform.profiles.calendars(of: account).filter { id.isEmpty || $0.id.value == id }
        guard !calendars.isEmpty else { throw OperationFailure(.notFound, "'\(id)' is not a calendar of this account") }
        let numbers = Set(calendars.map(\.number.value))
        let bodies = try await platform.database.read { session in
            try session.all(
                "SELECT calendar, body FROM items WHERE account_id = ? AND deleted = 0 AND body <> '' ORDER BY item",
                [.text(account.value)]
            ) { (try $0.integer(0), try $0.text(1)) }
        }
        var calendar = Component.emptyCalendar
        if calendars.count == 1 { calendar.properties.append(Property("X-WR-CALNAME", text: calendars[0].name)) }
        var zones: Set<String> = []
        for (number, body) in bodies where numbers.contains(number) {
            for component in OwnItem.document(body)?.components ?? [] {
                let isKnownZone =
                    component.name == "VTIMEZONE" && !zones.insert(component.first("TZID")?.value ?? "").inserted
                if !isKnownZone { calendar.components.append(component) }
            }
        }
        let document = calendar.icalendarText
        var writer = JSONWriter()
        writer.object {
            $0.member("icalendar", document)
            $0.member("events", calendar.components.filter { $0.name == "VEVENT" }.count)
        }
        return (writer.text, document)
    }

    // MARK: Sync

    private func sync(
        _ text: String?, wait: Bool, _ send: @escaping @Sendable (OperationMessage) -> Void
    ) async throws -> (json: String, text: String) {
        var accounts = try await platform.accounts.accounts()
        if let text { accounts = [try await known(text)] }
        var profiles: [Profile] = []
        for account in accounts {
            for profile in try await platform.profiles.profiles(of: account.id) where !profile.isPaused {
                try await platform.connector.syncNow(profile.id, of: account.id)
                profiles.append(profile)
            }
        }
        if wait || runsJobs { try await drain(text.map { $0 + "/" } ?? "", send) }
        return try await report(profiles, isDone: wait || runsJobs)
    }

    /// Waits until nothing that is due is left, doing the work here where no server does it.
    private func drain(_ prefix: String, _ send: @escaping @Sendable (OperationMessage) -> Void) async throws {
        let jobs = platform.jobs { profile, progress in
            send(.progress("\(profile.name): \(progress.calendar), \(progress.items) items, \(progress.bytes) bytes"))
        }
        while true {
            let now = platform.accounts.now().seconds
            let left =
                try await platform.queue.pending(kind: WorkKind.sync, keyPrefix: prefix, dueBy: now)
                + platform.queue.pending(kind: WorkKind.push, keyPrefix: prefix, dueBy: now)
            if left == 0 { return }
            if runsJobs { _ = await jobs.runOnce() } else { try await Task.sleep(for: .milliseconds(100)) }
        }
    }

    private func report(_ profiles: [Profile], isDone: Bool) async throws -> (json: String, text: String) {
        var (writer, lines) = (JSONWriter(), [String]())
        var current: [(profile: Profile, items: Int, putAside: Int)] = []
        for profile in profiles {
            let now = try await platform.profiles.profiles(of: profile.account).first { $0.id == profile.id }
            let count = try await platform.database.read { session in
                try session.first(
                    """
                    SELECT COUNT(*), COUNT(i.fault) FROM items i
                    JOIN calendars c ON c.account_id = i.account_id AND c.calendar = i.calendar
                    WHERE i.account_id = ? AND c.profile_id = ? AND i.deleted = 0
                    """, [.text(profile.account.value), .text(profile.id.value)]
                ) { (items: Int(try $0.integer(0)), putAside: Int(try $0.integer(1))) }
            }
            if let now { current.append((now, count?.items ?? 0, count?.putAside ?? 0)) }
        }
        writer.object { writer in
            writer.member("waited", isDone)
            writer.name("profiles")
            writer.array(current) { writer, entry in
                let (profile, items, putAside) = entry
                writer.object {
                    $0.member("account", profile.account.value)
                    $0.member("profile_id", profile.id.value)
                    $0.member("profile_name", profile.name)
                    $0.member("state", profile.connection.state.rawValue)
                    $0.member("cause", ifPresent: profile.connection.cause?.rawValue)
                    $0.member("explanation", ifPresent: profile.connection.explanation)
                    $0.member("initial_sync_done", profile.initialSyncDone)
                    $0.member("items", items)
                    $0.member("put_aside", putAside)
                }
                lines.append(
                    "\(profile.name): \(profile.connection.state.rawValue), \(items) items, \(putAside) put aside \(profile.connection.explanation ?? "")"
                )
            }
        }
        return (
            writer.text, lines.isEmpty ? "nothing to sync: no calendars are connected" : lines.joined(separator: "\n")
        )
    }

    // MARK: Availability

    private func availability(
        _ ids: [String], _ from: String, _ to: String, _ minutes: Int, _ interval: Int?
    ) async throws -> (json: String, text: String) {
        guard !ids.isEmpty else { throw OperationFailure(.usage, "--accounts names nobody") }
        var people: [Account] = []
        for id in ids { people.append(try await known(id)) }
        let zone = ZoneDatabase.system.zone(people[0].zone) ?? .utc
        guard let window = Period(from: try bound(from, "from", zone), to: try bound(to, "to", zone)) else {
            throw OperationFailure(.badInput, "--to must be after --from")
        }
        let members = try await platform.desk.members(
            people.map { AvailabilityDesk.Member(account: $0.id) }, client: ClientID(""), within: [window])
        var query = AvailabilityQuery(
            members: members, groups: [.init(required: .all, members: Array(members.indices))],
            duration: Int64(minutes) * 60, windows: .periods([window]),
            format: interval == nil ? .periods : .overlappingSlots)
        query.startInterval = interval.map { Int64($0) * 60 }
        let answer: AvailabilityAnswer
        do { answer = try AvailabilityEngine(query).answer() } catch {
            throw OperationFailure(.badInput, "this cannot be asked: \(error)")
        }
        return try await describe(answer, isSlots: interval != nil, people, zone)
    }

    private func bound(_ text: String, _ option: String, _ zone: Zone) throws -> Instant {
        do {
            switch try WireTime(parsing: text, allowsFractions: true) {
            case .instant(let instant): return instant
            case .date(let date): return zone.instant(of: date.midnight)
            }
        } catch {
            throw OperationFailure(
                .badInput, "--\(option) '\(text)' is no time; write 2031-04-05T08:00:00Z or 2031-04-05")
        }
    }

    private func describe(
        _ answer: AvailabilityAnswer, isSlots: Bool, _ people: [Account], _ zone: Zone
    ) async throws -> (json: String, text: String) {
        var freshness: [(Account, Instant?)] = []
        for person in people { freshness.append((person, try await platform.desk.freshness(of: person.id))) }
        var writer = JSONWriter()
        writer.object { writer in
            if isSlots { writer.name("available_slots") } else { writer.name("available_periods") }
            writer.array(answer.entries) { writer, entry in
                writer.object { writer in
                    writer.member("start", entry.period.start.description)
                    writer.member("end", entry.period.end.description)
                    writer.name("participants")
                    writer.array(entry.participants) { writer, member in
                        writer.object { $0.member("sub", people[member].id.value) }
                    }
                }
            }
            writer.name("freshness")
            writer.array(freshness) { writer, entry in
                writer.object {
                    $0.member("sub", entry.0.id.value)
                    $0.member("synced_at", ifPresent: entry.1?.description)
                }
            }
        }
        let lines = answer.entries.map {
            "\(zone.civil(at: $0.period.start)) to \(zone.civil(at: $0.period.end)) (\(zone.id))"
        }
        return (writer.text, lines.isEmpty ? "no time when all are free" : lines.joined(separator: "\n"))
    }

    // MARK: Work that was given up

    private func deadLetters(_ replay: Bool) async throws -> (json: String, text: String) {
        let letters = try await platform.queue.deadLetters()
        let replayed = replay ? try await platform.queue.replayDeadLetters() : 0
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("dead_letters")
            writer.array(letters) { writer, letter in
                writer.object {
                    $0.member("kind", letter.kind)
                    $0.member("key", letter.key)
                    $0.member("attempts", Int(letter.attempts))
                    $0.member("error", letter.error)
                }
            }
            writer.member("replayed", replayed)
        }
        let lines = letters.map { "\($0.kind) \($0.key) after \($0.attempts) tries: \($0.error)" }
        return (writer.text, (lines.isEmpty ? ["nothing was given up"] : lines).joined(separator: "\n"))
    }
}
