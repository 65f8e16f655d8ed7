import Accounts
import CivilTime
import Foundation
import ICalendar
public import StorageKit
public import Sync

/// Reads events and free-busy from the tables, page by page.
public struct EventReader: EventReading {
    let database: any Database
    let source: any ProviderSource

    public init(database: any Database, source: any ProviderSource) {
        (self.database, self.source) = (database, source)
    }

    public func events(
        _ query: EventQuery, after progress: EventProgress?, limit: Int
    ) async throws -> EventPage<EventRecord> {
        let source = self.source
        return try await database.read { session in
            let calendars = try CalendarIndex(of: query.account, for: query.client, source: source, in: session)
            return try Self.page(query, progress, limit: limit, columns: EventRow.columns, session: session) {
                row in
                try EventRow.record(row, calendars: calendars, client: query.client)
            }
        }
    }

    public func freeBusy(
        _ query: EventQuery, after progress: EventProgress?, limit: Int
    ) async throws -> EventPage<FreeBusyRecord> {
        let source = self.source
        return try await database.read { session in
            let calendars = try CalendarIndex(of: query.account, for: query.client, source: source, in: session)
            return try Self.page(query, progress, limit: limit, columns: EventRow.spanColumns, session: session) {
                row in
                try EventRow.freeBusy(row, calendars: calendars, client: query.client)
            }
        }
    }

    private static func page<Record: Hashable & Sendable>(
        _ query: EventQuery, _ progress: EventProgress?, limit: Int, columns: String, session: any ReadSession,
        _ record: (any SQLRow) throws -> Record
    ) throws -> EventPage<Record> {
        let filter = EventFilter(query)
        // Counted once: a count over all pages at every page would make a long read quadratic.
        let total = try progress?.total ?? count(filter, session: session)
        var (condition, arguments) = (filter.condition, filter.arguments)
        if let after = progress?.after {
            condition += " AND (o.start_at, o.item, o.recurrence) > (?, ?, ?)"
            arguments += [after.start, after.item, after.recurrence].map { .integer($0) }
        }
        var records: [Record] = []
        var last: EventPosition?
        try session.forEach(
            "SELECT o.start_at, o.item, o.recurrence, " + columns + EventFilter.tables + condition
                + " ORDER BY o.start_at, o.item, o.recurrence LIMIT ?",
            arguments + [.integer(Int64(limit) + 1)]
        ) { row in
            if records.count < limit {
                records.append(try record(row))
                last = EventPosition(
                    start: try row.integer(0), item: try row.integer(1), recurrence: try row.integer(2))
            } else {
                records.append(try record(row))
            }
        }
        let hasMore = records.count > limit
        if hasMore { records.removeLast() }
        return EventPage(records: records, total: total, next: hasMore ? last : nil)
    }

    private static func count(_ filter: EventFilter, session: any ReadSession) throws -> Int {
        let total = try session.first("SELECT COUNT(*) " + EventFilter.tables + filter.condition, filter.arguments) {
            try $0.integer(0)
        }
        return Int(total ?? 0)
    }
}

/// The WHERE of a query. Everything begins with the account.
private struct EventFilter {
    static let tables = """
         FROM occurrences o JOIN items i ON i.account_id = o.account_id AND i.item = o.item
         LEFT JOIN components c ON c.account_id = o.account_id AND c.item = o.item AND c.component = o.component
        """
    private(set) var condition = " WHERE o.account_id = ?"
    private(set) var arguments: [SQLValue]

    private static let isOurs = "COALESCE(i.client_id, '') = ?"

    init(_ query: EventQuery) {
        arguments = [.text(query.account.value)]
        addWindow(query)
        add(" AND EXISTS (SELECT 1 FROM calendars k WHERE k.account_id = o.account_id AND k.calendar = o.calendar")
        if let ids = query.calendars {
            let marks = ids.map { _ in "?" }.joined(separator: ", ")
            add(ids.isEmpty ? " AND 1 = 0" : " AND k.calendar_id IN (\(marks))", ids.map { .text($0.value) }.sorted())
        }
        add(query.includesDeleted ? ")" : " AND k.deleted = 0)")
        if !query.includesDeleted { add(" AND o.deleted = 0") }
        switch query.managed {
        case .included: break
        case .excluded: add(" AND NOT (\(Self.isOurs))", [.text(query.client.value)])
        case .only: add(" AND \(Self.isOurs)", [.text(query.client.value)])
        }
        if let since = query.changedSince {
            // Changes of an event by the application that manages it are no news to it.
            add(
                " AND CASE WHEN \(Self.isOurs) THEN o.outside_at ELSE o.changed_at END >= ?",
                [.text(query.client.value), .integer(since.seconds)])
        }
        if query.busyOnly { add(" AND o.weight > 0") }
    }

    /// Occurrences that end after `from` and begin before `to`; an empty one counts where it stands.
    private mutating func addWindow(_ query: EventQuery) {
        let (end, start) = query.includesMoved ? ("o.last_end", "o.first_start") : ("o.end_at", "o.start_at")
        var (bounds, values): ([String], [SQLValue]) = ([], [])
        if let from = query.from {
            bounds.append("(\(end) > ? OR \(start) >= ?)")
            values += [.integer(from.seconds), .integer(from.seconds)]
        }
        if let to = query.to {
            bounds.append("\(start) < ?")
            values.append(.integer(to.seconds))
        }
        guard !bounds.isEmpty else { return }
        let inside = bounds.joined(separator: " AND ")
        if query.managedIsUnbounded {
            add(" AND (\(Self.isOurs) OR \(inside))", [.text(query.client.value)] + values)
        } else {
            add(" AND " + inside, values)
        }
    }

    private mutating func add(_ text: String, _ values: [SQLValue] = []) {
        condition += text
        arguments += values
    }
}

extension [SQLValue] {
    /// A stable order, so that the same question is the same statement with the same arguments.
    fileprivate func sorted() -> [SQLValue] { sorted { "\($0)" < "\($1)" } }
}

/// The calendars of an account by number.
private struct CalendarIndex {
    private let ids: [Int64: CalendarID]
    private let unrestricted: Set<Int64>
    private let readOnly: Set<Int64>
    /// The owner's addresses, in lower case.
    let owner: Set<String>

    init(
        of account: AccountID, for client: ClientID, source: any ProviderSource, in session: any ReadSession
    ) throws {
        let calendars = try ProfileStore.calendars(of: account, in: session)
        let profiles = try ProfileStore.profiles(of: account, in: session)
        let free = Set(profiles.filter { source.traits(of: $0.provider).isUnrestricted }.map(\.id))
        owner = Set(try ProfileStore.addresses(of: account, in: session))
        ids = Dictionary(uniqueKeysWithValues: calendars.map { ($0.number.value, $0.id) })
        let granted = try CalendarPermissions.unrestricted(for: client, of: account, in: session)
        unrestricted = Set(
            calendars.filter { free.contains($0.profile) || granted.contains($0.number) }.map(\.number.value))
        readOnly = Set(calendars.filter(\.isReadOnly).map(\.number.value))
    }

    func id(_ number: Int64) -> CalendarID { ids[number] ?? CalendarID("cal_unknown") }

    /// Whether the owner is asked to take part, and may say so.
    func mayAnswer(_ number: Int64, organizer: Participant?, attendees: [Participant]) -> Bool {
        !readOnly.contains(number) && !owner.contains(organizer?.email.lowercased() ?? "")
            && attendees.contains { owner.contains($0.email.lowercased()) }
    }

    func mayChange(_ number: Int64, isOwn: Bool) -> Bool {
        !readOnly.contains(number) && (isOwn || unrestricted.contains(number))
    }
}

/// Rows to records. Columns 0 to 2 are the position.
private enum EventRow {
    static let spanColumns = """
        o.calendar, o.end_at, o.start_day, o.end_day, o.start_zone, o.end_zone, o.weight, o.deleted, i.client_id,
        i.event_id, i.repeats
        """
    static let columns =
        spanColumns + """
            , c.summary, c.description, c.location, c.url, c.status, c.transparency, c.private, c.participation, c.people,
            c.categories, c.created_at, c.updated_at, o.changed_at, c.geo, c.join_url, i.pending, i.write_fault,
            i.refused_at, i.overruled
            """

    static func freeBusy(
        _ row: any SQLRow, calendars: CalendarIndex, client: ClientID
    ) throws -> FreeBusyRecord {
        FreeBusyRecord(
            calendar: calendars.id(try row.integer(3)), uid: try uid(row), eventID: try ownEventID(row, client),
            span: try span(row), weight: Weight(rawValue: try row.integer(9)) ?? .busy, isDeleted: try row.flag(10))
    }

    static func record(_ row: any SQLRow, calendars: CalendarIndex, client: ClientID) throws -> EventRecord {
        let eventID = try ownEventID(row, client)
        let repeats = try row.flag(13)
        let people = People.read(try row.optionalText(22))
        let mayChange = calendars.mayChange(try row.integer(3), isOwn: eventID != nil) && (eventID != nil || !repeats)
        let updated = try row.optionalInteger(25) ?? row.integer(26)
        return EventRecord(
            calendar: calendars.id(try row.integer(3)), uid: try uid(row), eventID: eventID,
            series: repeats
                ? "ser_" + EventUID(item: ItemNumber(try row.integer(1)), recurrence: EventUID.single).hex : nil,
            span: try span(row), weight: Weight(rawValue: try row.integer(9)) ?? .busy, isDeleted: try row.flag(10),
            summary: try row.optionalText(14), description: try row.optionalText(15),
            location: try row.optionalText(16), url: try row.optionalText(17),
            status: try row.optionalText(18).flatMap(EventStatus.init(rawValue:)) ?? .confirmed,
            transparency: try row.optionalText(19).flatMap(Transparency.init(rawValue:)) ?? .opaque,
            isPrivate: try row.optionalInteger(20) == 1,
            participation: try row.optionalText(21).flatMap(ParticipationStatus.init(rawValue:)) ?? .unknown,
            organizer: people.organizer, attendees: people.attendees,
            categories: People.categories(try row.optionalText(23)),
            created: try row.optionalInteger(24).map { Instant(seconds: $0) },
            updated: updated > 0 ? Instant(seconds: updated) : nil,
            geo: try row.optionalText(27).flatMap { GeoPoint(parsing: $0) }, joinURL: try row.optionalText(28),
            canUpdate: mayChange, canDelete: mayChange,
            canAnswer: calendars.mayAnswer(
                try row.integer(3), organizer: people.organizer, attendees: people.attendees),
            writing: try writeState(row, isOwn: eventID != nil))
    }

    /// Columns 29 to 32.
    private static func writeState(_ row: any SQLRow, isOwn: Bool) throws -> WriteState? {
        let (isPending, fault) = (try row.flag(29), try row.optionalText(30))
        if try row.optionalInteger(31) != nil { return .refused(reason: fault ?? "") }
        if isPending { return .pending(reason: fault) }
        let overruled = try row.optionalText(32)?.split(separator: ",").map(String.init) ?? []
        return isOwn ? .written(overruled: overruled) : nil
    }

    private static func uid(_ row: any SQLRow) throws -> EventUID {
        EventUID(item: ItemNumber(try row.integer(1)), recurrence: try row.integer(2))
    }

    private static func ownEventID(_ row: any SQLRow, _ client: ClientID) throws -> String? {
        try row.optionalText(11) == client.value ? try row.optionalText(12) : nil
    }

    private static func span(_ row: any SQLRow) throws -> EventSpan {
        if let first = try day(row, 5), let end = try day(row, 6) { return .dates(first, end) }
        return .instants(
            Instant(seconds: try row.integer(0)), Instant(seconds: try row.integer(4)),
            startZone: try row.optionalText(7).map { ZoneID($0) }, endZone: try row.optionalText(8).map { ZoneID($0) })
    }

    private static func day(_ row: any SQLRow, _ column: Int) throws -> CivilDate? {
        try row.optionalInteger(column).flatMap { Int32(exactly: $0) }.flatMap(CivilDate.init(dayNumber:))
    }
}

/// The JSON of `components.people` and `components.categories`, as Sync writes it.
private enum People {
    private struct Stored: Decodable {
        struct Person: Decodable {
            let email: String
            let name: String?
            let status: String
        }
        let organizer: Person?
        let attendees: [Person]
    }

    static func read(_ text: String?) -> (organizer: Participant?, attendees: [Participant]) {
        guard let text, let stored = decoded(Stored.self, text) else { return (nil, []) }
        return (stored.organizer.map(participant), stored.attendees.map(participant))
    }

    static func categories(_ text: String?) -> [String] { text.flatMap { decoded([String].self, $0) } ?? [] }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
        // Our own writing; damaged details are left out rather than the occurrence.
        do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch { return nil }
    }

    private static func participant(_ person: Stored.Person) -> Participant {
        Participant(
            email: person.email, displayName: person.name,
            status: ParticipationStatus(rawValue: person.status) ?? .unknown)
    }
}
