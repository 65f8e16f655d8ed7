public import CivilTime
import CronofyWire

/// A stretch of busy time, without a word of what it is for.
public struct FreeBusyPeriod: Hashable, Sendable, AnswerReadable {
    public struct Status: OpenValue {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let busy: Self = "busy"
        public static let tentative: Self = "tentative"
        public static let free: Self = "free"
        public static let unknown: Self = "unknown"
    }

    public let calendarID: String
    public let start, end: EventTime
    public let status: Status
    /// Only where the query includes ids.
    public let eventID, eventUID: String?
    public let isDeleted: Bool

    init(reading answer: AnswerReader) throws(CronofyError) {
        calendarID = try answer.text("calendar_id")
        (start, end) = (try answer.time("start"), try answer.time("end"))
        status = Status(rawValue: try answer.optionalText("free_busy_status") ?? "unknown")
        (eventID, eventUID) = (try answer.optionalText("event_id"), try answer.optionalText("event_uid"))
        isDeleted = try answer.optionalFlag("deleted") ?? false
    }
}

/// Which busy time to read.
public struct FreeBusyQuery: Hashable, Sendable {
    public var zone: String
    public var from, to: QueryBound?
    /// Nil: all of the account.
    public var calendars: [String]?
    public var includesManaged = false
    /// Also stretches that are free.
    public var includesFree = false
    public var includesIDs = false
    public var includesDeleted = false
    /// Also what was in the window once.
    public var includesMoved = false
    public var changedSince: Instant?
    public var isLocalized = false

    public init(zone: String, from: QueryBound? = nil, to: QueryBound? = nil) {
        (self.zone, self.from, self.to) = (zone, from, to)
    }

    var pairs: [(name: String, value: String)] {
        var pairs = WindowPairs(zone: zone, from: from, to: to, calendars: calendars).pairs
        let flags = [
            ("include_managed", includesManaged), ("include_free", includesFree), ("include_ids", includesIDs),
            ("include_deleted", includesDeleted), ("include_moved", includesMoved),
            ("localized_times", isLocalized),
        ]
        pairs += flags.filter(\.1).map { ($0.0, "true") }
        if let changedSince { pairs.append(("last_modified", changedSince.description)) }
        return pairs
    }
}

extension CronofyAccount {
    /// Busy time, page by page.
    public func freeBusy(_ query: FreeBusyQuery) -> PageSequence<FreeBusyPeriod> {
        PageSequence(account: self, first: .get("/v1/free_busy", query.pairs)) {
            answer throws(CronofyError) in try answer.list("free_busy")
        }
    }
}
