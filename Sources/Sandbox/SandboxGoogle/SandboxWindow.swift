internal import CivilTime
internal import CronofyWire
internal import Recurrence
internal import SandboxKit

/// `timeMin` and `timeMax`: exclusive bounds on an event's end and on its start.
struct SandboxWindow {
    let from: Instant?
    let to: Instant?

    init(_ request: SandboxRequest) throws(GoogleRefusal) {
        from = try Self.instant(request.parameter("timeMin"))
        to = try Self.instant(request.parameter("timeMax"))
        if let from, let to, from >= to { throw GoogleRefusal(400, "timeRangeEmpty") }
    }

    init(from: Instant, to: Instant) { (self.from, self.to) = (from, to) }

    /// RFC 3339 with its offset; nil where it is absent.
    static func instant(_ text: String?) throws(GoogleRefusal) -> Instant? {
        guard let text else { return nil }
        let plain =
            text.contains(".")
            ? String(text.prefix(19)) + text.drop { $0 != "." }.dropFirst().drop(while: \.isNumber) : text
        guard plain.utf8.count > 19, let time = SandboxTime(.object(["dateTime": .string(plain)]), .utc) else {
            throw GoogleRefusal(400, "badRequest")
        }
        return time.start.instant
    }

    func holds(_ row: SandboxRow) -> Bool {
        if from == nil, to == nil { return true }
        guard let span = row.span else { return true }
        return (from.map { span.end > $0 } ?? true) && (to.map { span.start < $0 } ?? true)
    }
}

extension SandboxRow {
    /// When it is; nil of what has no times, such as a tombstone.
    var span: (start: Instant, end: Instant)? {
        guard let start = members["start"], let end = members["end"] else { return nil }
        var zone = Zone.utc
        if let name = start["timeZone"]?.text { zone = ZoneDatabase.system.resolve(name: name) ?? zone }
        guard let first = SandboxTime(start, zone), let last = SandboxTime(end, zone) else { return nil }
        return (first.start.instant, last.start.instant)
    }

    /// Whether it takes time.
    var blocksTime: Bool {
        !isCancelled && members["transparency"] != .string("transparent")
            && members["eventType"] != .string("workingLocation")
    }
}

extension SandboxState {
    /// Seconds for which instances are worked out where the request has no end.
    private static let horizon: Int64 = 2 * 366 * 86_400

    /// The row as single events: itself, or a master's instances within the window, changed ones as they are.
    func singles(of row: SandboxRow, _ window: SandboxWindow, showsDeleted: Bool) -> [SandboxRow] {
        guard row.master == nil, let series = SandboxSeries(row), !row.isCancelled else { return [row] }
        let from = window.from ?? series.first
        let to = window.to ?? Instant(seconds: max(from.seconds, series.first.seconds) + Self.horizon)
        // An instance that began before the window may reach into it.
        let reach = Instant(seconds: from.seconds - series.length)
        return series.instants(from: reach, to: to).compactMap { instant in
            let held = rows[row.calendar]?[series.instanceID(instant)]
            let found = held ?? Self.instance(of: row, series, instant)
            return found.isCancelled && !showsDeleted ? nil : found
        }
    }
}
