public import CivilTime

/// What one UID of a document became.
public enum SeriesResult: Hashable, Sendable {
    case series(EventSeries)
    /// Set aside; `reason` is fit to show.
    case setAside(uid: String, reason: String)

    public var uid: String {
        switch self {
        case .series(let series): series.uid
        case .setAside(let uid, _): uid
        }
    }
}

extension ICalendarDocument {
    /// The events of all calendars, grouped by UID in the order they first appear. An event without UID is known by its
    /// start, end and summary. A fault in one event sets its UID aside and leaves the others.
    public func series(zones: ZoneDatabase) -> [SeriesResult] { reading(zones: zones).series }

    /// The same, with what was not as it should be in the meaning of the events, in the order of the text.
    public func reading(zones: ZoneDatabase) -> (series: [SeriesResult], diagnostics: [Diagnostic]) {
        var notes: [Diagnostic] = []
        var order: [String] = []
        var groups: [String: SeriesBuilder] = [:]
        for calendar in calendars {
            var reader = EventReader(resolver: ZoneResolver(zones: zones, calendar: calendar))
            for component in calendar.components where component.name == "VEVENT" {
                let uid = component.identity
                if groups[uid] == nil { order.append(uid) }
                groups[uid, default: SeriesBuilder(uid: uid)].add(component, reader: &reader)
            }
            notes += reader.notes.all
        }
        return (order.compactMap { groups[$0]?.result }, notes)
    }

    /// Whether it holds any VEVENT.
    public var hasEvents: Bool { calendars.contains { $0.components.contains { $0.name == "VEVENT" } } }
}

extension Component {
    /// The UID, or a key of content where there is none or an empty one.
    var identity: String {
        if let uid = first(.uid)?.value.trimmed, !uid.isEmpty { return uid }
        var hash = StableHash()
        for name in ["DTSTART", "DTEND", "DURATION", "SUMMARY"] { hash.add(first(name)?.value ?? "") }
        return "content-" + hash.hex
    }
}

private struct SeriesBuilder {
    private var series: EventSeries
    private var fault: String?
    /// Where in `series.overrides` an instance is.
    private var places: [EventTime: Int] = [:]

    init(uid: String) { series = EventSeries(uid: uid, master: nil) }

    var result: SeriesResult {
        fault.map { .setAside(uid: series.uid, reason: $0) } ?? .series(series)
    }

    mutating func add(_ component: Component, reader: inout EventReader) {
        do {
            var event = try reader.event(component)
            event.uid = series.uid
            series.customZones.merge(reader.customZones) { first, _ in first }
            guard let id = event.recurrenceID else {
                if series.master.map({ $0.isOlder(than: event) }) ?? true { series.master = event }
                return
            }
            if let index = places[id] {
                if series.overrides[index].isOlder(than: event) { series.overrides[index] = event }
            } else {
                places[id] = series.overrides.count
                series.overrides.append(event)
            }
        } catch {
            fault = error.reason
            reader.notes.add(
                Diagnostic(
                    .error, line: component.line, component: "VEVENT", error.reason,
                    action: "events with this UID were set aside"), .error)
        }
    }
}

extension CalendarEvent {
    /// Of two with one identity the higher SEQUENCE stands, then the later change, then the one read last.
    fileprivate func isOlder(than other: CalendarEvent) -> Bool {
        if sequence != other.sequence { return sequence < other.sequence }
        guard let own = lastModified, let theirs = other.lastModified else { return true }
        return own <= theirs
    }
}
