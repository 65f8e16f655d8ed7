internal import CivilTime
internal import CronofyWire
internal import Recurrence
internal import SandboxKit

/// What the account holds, and what became of it in which order.
struct SandboxState {
    struct CalendarEntry {
        let id: String
        var members: [String: JSONValue]
    }

    /// A listing that waits for its next page.
    struct Listing {
        let calendar: String
        var waiting: [JSONValue]
        /// The changes up to here are told when the last page is.
        let sequence: Int
        var givesSyncToken = true
    }

    var tokens: Set<String> = []
    var calendars: [CalendarEntry] = []
    var rows: [String: [String: SandboxRow]] = [:]
    var sequence = 0
    /// The continuations given out.
    var syncTokens: [String: (calendar: String, sequence: Int)] = [:]
    var listings: [String: Listing] = [:]
    var tokensGiven = 0
    var faults: [GoogleRefusal] = []
    var mail: [String] = []
    var zone = "Europe/Berlin"
    /// The most that a page holds, whatever is asked.
    var pageLimit: Int?
    var channels: [String: SandboxChannel] = [:]
    /// Not yet sent.
    var pushes: [SandboxPush] = []
    /// What channels end by.
    var now: @Sendable () -> Instant = { SandboxClock.instant(0) }

    mutating func nextSequence() -> Int {
        sequence += 1
        return sequence
    }

    mutating func addCalendar(_ id: String, _ members: [String: JSONValue]) -> CalendarEntry {
        let common: [String: JSONValue] = [
            "kind": .string("calendar#calendarListEntry"), "id": .string(id), "etag": .string("\"1\""),
            "accessRole": .string("owner"), "timeZone": .string(zone), "selected": .bool(true),
            "backgroundColor": .string("#9fe1e7"), "foregroundColor": .string("#000000"),
        ]
        let entry = CalendarEntry(id: id, members: common.merging(members) { $1 })
        calendars.append(entry)
        rows[id] = [:]
        return entry
    }

    func place(of calendar: String) throws(GoogleRefusal) -> Int {
        guard
            let place = calendars.firstIndex(where: {
                $0.id == calendar || calendar == "primary" && $0.members["primary"] == .bool(true)
            })
        else { throw GoogleRefusal(404, "notFound") }
        return place
    }

    func checkWritable(_ calendar: String) throws(GoogleRefusal) {
        let role = calendars.first { $0.id == calendar }?.members["accessRole"]
        guard role == .string("owner") || role == .string("writer") else {
            throw GoogleRefusal(403, "requiredAccessLevel")
        }
    }

    static func object(_ body: [UInt8]) throws(GoogleRefusal) -> [String: JSONValue] {
        guard let members = JSONValue.members(of: body) else { throw GoogleRefusal(400, "parseError") }
        return members
    }

    static func checkMatch(_ request: SandboxRequest, _ row: SandboxRow) throws(GoogleRefusal) {
        guard let etag = request.headers["if-match"], etag != "*" else { return }
        guard etag == row.etag else { throw GoogleRefusal(412, "conditionNotMet") }
    }

    /// The row, also of an instance that nobody has changed yet.
    func row(_ id: String, in calendar: String) throws(GoogleRefusal) -> SandboxRow {
        if let row = rows[calendar]?[id] { return row }
        if let (master, series, instant) = instance(id, in: calendar), series.holds(instant) {
            return Self.instance(of: master, series, instant)
        }
        throw GoogleRefusal(404, "notFound")
    }

    private func instance(_ id: String, in calendar: String) -> (SandboxRow, SandboxSeries, Instant)? {
        guard let mark = id.lastIndex(of: "_"), let master = rows[calendar]?[String(id[..<mark])], !master.isCancelled,
            let series = SandboxSeries(master), let instant = series.instant(of: id)
        else { return nil }
        return (master, series, instant)
    }

    static func instance(of master: SandboxRow, _ series: SandboxSeries, _ instant: Instant) -> SandboxRow {
        var members = master.members.filter { !["recurrence", "id"].contains($0.key) }
        members.merge(series.own(instant)) { $1 }
        return SandboxRow(
            id: series.instanceID(instant), calendar: master.calendar, members: members, sequence: master.sequence)
    }

    /// Checks what Google checks of times and recurrence.
    private static func check(_ row: SandboxRow) throws(GoogleRefusal) {
        guard let start = row.members["start"], let end = row.members["end"] else {
            throw GoogleRefusal(400, "required")
        }
        var zone = Zone.utc
        if case .string(let name)? = start["timeZone"] {
            guard let named = ZoneDatabase.system.resolve(name: name) else { throw GoogleRefusal(400, "invalid") }
            zone = named
        } else if !row.lines.isEmpty, start["date"] == nil {
            throw GoogleRefusal(400, "required")
        }
        guard let first = SandboxTime(start, zone), let last = SandboxTime(end, zone), first.isDay == last.isDay else {
            throw GoogleRefusal(400, "invalid")
        }
        guard last.start.instant >= first.start.instant else { throw GoogleRefusal(400, "timeRangeEmpty") }
        guard row.lines.isEmpty || SandboxSeries(row) != nil else { throw GoogleRefusal(400, "invalid") }
    }

    @discardableResult mutating func store(_ row: SandboxRow) throws(GoogleRefusal) -> SandboxRow {
        var row = row
        try Self.check(row)
        row.sequence = nextSequence()
        rows[row.calendar]?[row.id] = row
        tellWatchers(of: row.calendar)
        return row
    }

    /// Sets `changes`; null takes a member away, objects are merged, arrays replaced.
    static func merge(_ changes: [String: JSONValue], into members: inout [String: JSONValue]) {
        for (name, value) in changes {
            if value == .null {
                members[name] = nil
            } else if case .object(let inner) = value, case .object(var held)? = members[name] {
                merge(inner, into: &held)
                members[name] = .object(held)
            } else if case .object(let inner) = value {
                members[name] = .object(inner.filter { $0.value != .null })
            } else {
                members[name] = value
            }
        }
    }

    mutating func insert(_ json: [String: JSONValue], iCalUID: String?, in calendar: String) throws(GoogleRefusal)
        -> SandboxRow
    {
        var id = "s\(sequence + 1)chosenbyserver"
        if case .string(let chosen)? = json["id"] { id = chosen }
        guard rows[calendar]?[id] == nil else { throw GoogleRefusal(409, "duplicate") }
        var members: [String: JSONValue] = [
            "status": .string("confirmed"), "created": .string(SandboxClock.stamp(sequence)),
            "iCalUID": .string(iCalUID ?? id + "@google.com"), "eventType": .string("default"),
            "organizer": .object(["email": .string(calendar), "self": .bool(true)]),
            "creator": .object(["email": .string(calendar), "self": .bool(true)]), "sequence": .integer(0),
            "reminders": .object(["useDefault": .bool(true)]),
        ]
        Self.merge(json, into: &members)
        return try store(SandboxRow(id: id, calendar: calendar, members: members, sequence: 0))
    }

    /// A deleted event keeps its row, and so its id; a series takes its instances with it.
    mutating func delete(_ row: SandboxRow) {
        var row = row
        let master = row.master
        if master == nil {
            for id in (rows[row.calendar] ?? [:]).values.filter({ $0.master == row.id }).map(\.id) {
                rows[row.calendar]?[id] = nil
            }
        }
        let kept = ["recurringEventId", "originalStartTime", "iCalUID"]
        row.members = row.members.filter { kept.contains($0.key) }
        row.members["status"] = .string("cancelled")
        row.sequence = nextSequence()
        rows[row.calendar]?[row.id] = row
        tellWatchers(of: row.calendar)
    }
}
