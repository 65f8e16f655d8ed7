public import CivilTime
import CronofyWire

/// A bound of a query: a day in the query's zone, or a moment.
public enum QueryBound: Hashable, Sendable {
    case day(CivilDate)
    case moment(Instant)

    var text: String {
        switch self {
        case .day(let date): date.description
        case .moment(let instant): instant.description
        }
    }
}

/// Which events to read.
public struct EventQuery: Hashable, Sendable {
    /// Which of the application's own events are read beside, or instead of, those of others.
    public enum Managed: Hashable, Sendable { case without, with, only }

    /// Where days begin and end.
    public var zone: String
    /// Events that end on or after it. Nil: as far back as the service keeps them (42 days).
    public var from: QueryBound?
    /// Events that start before it. Nil: as far ahead as the service keeps them (201 days when hosted).
    public var to: QueryBound?
    /// Nil: all of the account.
    public var calendars: [String]?
    public var managed = Managed.without
    public var includesDeleted = false
    /// Also events that were in the window once.
    public var includesMoved = false
    /// Only events that changed on or after it; takes a notification's `changesSince`.
    public var changedSince: Instant?
    /// Times with the zone they are to be shown in.
    public var isLocalized = false
    public var includesCoordinates = false

    public init(zone: String, from: QueryBound? = nil, to: QueryBound? = nil) {
        (self.zone, self.from, self.to) = (zone, from, to)
    }

    var pairs: [(name: String, value: String)] {
        var pairs = WindowPairs(zone: zone, from: from, to: to, calendars: calendars).pairs
        switch managed {
        case .without: break
        case .with: pairs.append(("include_managed", "true"))
        case .only: pairs.append(("only_managed", "true"))
        }
        if includesDeleted { pairs.append(("include_deleted", "true")) }
        if includesMoved { pairs.append(("include_moved", "true")) }
        if let changedSince { pairs.append(("last_modified", changedSince.description)) }
        if isLocalized { pairs.append(("localized_times", "true")) }
        if includesCoordinates { pairs.append(("include_geo", "true")) }
        return pairs
    }
}

/// What reads of events and of busy time have in common.
struct WindowPairs {
    let zone: String
    let from, to: QueryBound?
    let calendars: [String]?

    var pairs: [(name: String, value: String)] {
        var pairs = [(name: "tzid", value: zone)]
        if let from { pairs.append(("from", from.text)) }
        if let to { pairs.append(("to", to.text)) }
        for calendar in calendars ?? [] { pairs.append(("calendar_ids[]", calendar)) }
        return pairs
    }
}

extension CronofyAccount {
    /// Events in the order the service gives them, page by page.
    ///
    /// ```swift
    /// for try await event in account.events(EventQuery(zone: "Europe/Paris")) { print(event.summary) }
    /// ```
    public func events(_ query: EventQuery) -> PageSequence<Event> {
        PageSequence(account: self, first: .get("/v1/events", query.pairs)) {
            answer throws(CronofyError) in try answer.list("events")
        }
    }
}
