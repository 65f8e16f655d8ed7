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
    /// start, end and summary; where several events share one, each but the first is given one of its own. A fault in one event sets its UID aside and leaves the others.
    public func series(zones: ZoneDatabase) -> [SeriesResult] { reading(zones: zones).series }

    /// The same, with what was not as it should be in the meaning of the events, in the order of the text.
    public func reading(zones: ZoneDatabase) -> (series: [SeriesResult], diagnostics: [Diagnostic]) {
        var readers = calendars.map { EventReader(resolver: ZoneResolver(zones: zones, calendar: $0)) }
        let series = EventGroups(self).groups.map { group in
            var builder = SeriesBuilder(uid: group.uid)
            for (calendar, component) in group.events {
                builder.add(component, reader: &readers[calendar])
                guard group.isRenamed else { continue }
                readers[calendar].notes.add(
                    Diagnostic(
                        .repaired, line: component.line, component: "VEVENT", property: "UID",
                        "its UID stands on another event too", action: "it was given one of its own"), .repaired)
            }
            return builder.result
        }
        return (series, readers.flatMap { $0.notes.all.sorted { $0.line < $1.line } })
    }

    /// Whether it holds any VEVENT.
    public var hasEvents: Bool { calendars.contains { $0.components.contains { $0.name == "VEVENT" } } }
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
