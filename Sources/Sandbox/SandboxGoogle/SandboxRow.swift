internal import CivilTime
internal import CronofyWire
internal import Recurrence

/// A row of a calendar: a single event, a master, or an instance that was changed or cancelled.
struct SandboxRow {
    let id: String
    let calendar: String
    /// Members as they were sent.
    var members: [String: JSONValue]
    /// Of the last change.
    var sequence: Int

    var master: String? { if case .string(let id)? = members["recurringEventId"] { id } else { nil } }
    var isCancelled: Bool { members["status"] == .string("cancelled") }
    var etag: String { "\"\(sequence)000\"" }
    var iCalUID: JSONValue? { members["iCalUID"] }

    var lines: [String] {
        guard case .array(let values)? = members["recurrence"] else { return [] }
        return values.compactMap { if case .string(let line) = $0 { line } else { nil } }
    }

    /// As it is answered. Of a deleted event that is no instance Google promises the id alone.
    var json: JSONValue {
        var json = members
        (json["id"], json["etag"], json["kind"]) = (.string(id), .string(etag), .string("calendar#event"))
        json["updated"] = .string(SandboxClock.stamp(sequence))
        json["htmlLink"] = .string("https://www.google.com/calendar/event?eid=" + id)
        return .object(json)
    }
}

/// When a change was made: seconds of the first of January 2026.
enum SandboxClock {
    static func instant(_ sequence: Int) -> Instant { Instant(seconds: 1_767_225_600 + Int64(sequence)) }
    static func stamp(_ sequence: Int) -> String {
        Zone.utc.civil(at: instant(sequence)).description + ".000Z"
    }
}

/// The instances of a master, worked out from its lines.
struct SandboxSeries {
    let id: String
    let isOfDays: Bool
    let zone: Zone
    private let set: RecurrenceSet
    /// Seconds.
    let length: Int64
    let zoneName: String

    /// Nil where the master does not repeat, or not in a way that Google takes.
    init?(_ row: SandboxRow) {
        guard !row.lines.isEmpty, let start = row.members["start"], let end = row.members["end"] else { return nil }
        var rules: [RecurrenceRule] = []
        var dates: [RecurrenceSet.Start] = []
        var exceptions: [RecurrenceSet.Start] = []
        if case .string(let name)? = start["timeZone"] { zoneName = name } else { zoneName = "UTC" }
        guard let zone = ZoneDatabase.system.resolve(name: zoneName),
            let first = SandboxTime(start, zone), let last = SandboxTime(end, zone)
        else { return nil }
        for line in row.lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            if line.hasPrefix("RRULE:") {
                do { rules.append(try RecurrenceRule(parsing: String(parts[1]))) } catch { return nil }
                continue
            }
            let named = parts[0].split(separator: ";").first { $0.hasPrefix("TZID=") }.map { String($0.dropFirst(5)) }
            let own = named.flatMap { ZoneDatabase.system.resolve(name: $0) } ?? zone
            let values = parts[1].split(separator: ",").compactMap { SandboxTime(compact: String($0), own)?.start }
            if line.hasPrefix("RDATE") { dates += values } else if line.hasPrefix("EXDATE") { exceptions += values }
        }
        (id, self.zone, isOfDays) = (row.id, zone, first.isDay)
        length = last.start.instant.seconds - first.start.instant.seconds
        set = RecurrenceSet(start: first.start, rules: rules, dates: dates, exceptions: exceptions)
    }

    var first: Instant { self.set.start.instant }

    func holds(_ instant: Instant) -> Bool {
        !instants(from: instant, to: Instant(seconds: instant.seconds + 1)).isEmpty
    }

    /// Those in `[from, to)`; none where there are more than can be worked out.
    func instants(from: Instant, to: Instant) -> [Instant] {
        do { return try set.starts(from: from, until: to).map(\.instant) } catch { return [] }
    }

    func instanceID(_ instant: Instant) -> String {
        let text = Zone.utc.civil(at: instant).description.filter { $0 != "-" && $0 != ":" }
        return id + "_" + (isOfDays ? String(text.prefix(8)) : text + "Z")
    }

    /// The instant that an instance's id names.
    func instant(of instance: String) -> Instant? {
        guard instance.hasPrefix(id + "_") else { return nil }
        return SandboxTime(compact: String(instance.dropFirst(id.count + 1)), .utc)?.start.instant
    }

    func time(_ instant: Instant) -> JSONValue {
        if isOfDays { return .object(["date": .string(Zone.utc.civil(at: instant).date.description)]) }
        return .object([
            "dateTime": .string(Zone.utc.civil(at: instant).description + "Z"), "timeZone": .string(zoneName),
        ])
    }

    /// The members that an instance has of its own.
    func own(_ instant: Instant) -> [String: JSONValue] {
        let end = Instant(seconds: instant.seconds + length)
        return [
            "recurringEventId": .string(id), "originalStartTime": time(instant), "start": time(instant),
            "end": time(end),
        ]
    }
}

/// A time of a request.
struct SandboxTime {
    let start: RecurrenceSet.Start
    var isDay: Bool { if case .date = start { true } else { false } }

    /// `start` or `end`; nil where Google would refuse it.
    init?(_ json: JSONValue, _ zone: Zone) {
        if case .string(let text)? = json["date"] {
            guard let date = CivilDate(extended: text) else { return nil }
            start = .date(date)
            return
        }
        guard case .string(let text)? = json["dateTime"] else { return nil }
        let digits = text.prefix(19).filter { $0 != "-" && $0 != ":" }
        let offset = text.dropFirst(19)
        guard let local = Self(compact: String(digits), zone) else { return nil }
        guard !offset.isEmpty else {
            start = local.start
            return
        }
        // With an offset the instant is said, and the zone says where it moves.
        guard case .local(let time, _) = local.start else { return nil }
        var seconds = Zone.utc.instant(of: time).seconds
        if offset != "Z" {
            let parts = offset.dropFirst().split(separator: ":")
            guard parts.count == 2, let hours = Int64(parts[0], in: 0...23), let minutes = Int64(parts[1], in: 0...59)
            else { return nil }
            seconds += (offset.first == "-" ? 1 : -1) * (hours * 3600 + minutes * 60)
        }
        start = .local(zone.civil(at: Instant(seconds: seconds)), zone)
    }

    /// `20260119`, `20260119T090000` or `…Z`.
    init?(compact text: String, _ zone: Zone) {
        guard let date = CivilDate(compact: text.prefix(8)) else { return nil }
        if text.count == 8 {
            start = .date(date)
            return
        }
        guard let time = CivilDateTime(date: date, compact: text.dropFirst(9).prefix(6)) else { return nil }
        start = text.hasSuffix("Z") ? .utc(Zone.utc.instant(of: time)) : .local(time, zone)
    }
}
