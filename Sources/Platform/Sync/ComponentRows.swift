import CivilTime
import ICalendar

/// The rows of `components` of a series, and how each weighs on its owner's time.
struct ComponentRows: Sendable {
    let rows: [ComponentRow]
    private let weights: [Int64: Int64]

    init(series: EventSeries, owner: Set<String>) {
        var events: [(Int64, CalendarEvent)] = []
        if let master = series.master { events.append((-1, master)) }
        for (index, event) in series.overrides.enumerated() { events.append((Int64(index), event)) }
        rows = events.map { Self.row($0.0, $0.1, owner: owner) }
        weights = Dictionary(
            zip(rows, events).map { ($0.component, $1.1.weight(participation: $0.participation)) }
        ) { first, _ in first }
    }

    /// 0 free, 1 tentative, 2 busy; doubt means busy.
    func weight(of component: Int64) -> Int64 { weights[component] ?? 2 }

    private static func row(_ component: Int64, _ event: CalendarEvent, owner: Set<String>) -> ComponentRow {
        ComponentRow(
            component: component, summary: event.summary, description: event.description, location: event.location,
            url: event.url, status: event.status.rawValue, transparency: event.transparency.rawValue,
            isPrivate: event.isPrivate, participation: event.participation(of: owner).rawValue,
            people: PeopleText.write(organizer: event.organizer, attendees: event.attendees),
            categories: PeopleText.write(event.categories), geo: event.geo?.text, joinURL: event.joinURL,
            created: event.created?.seconds,
            updated: event.lastModified?.seconds)
    }
}

extension CalendarEvent {
    /// The owner's own answer: accepted where the event invites nobody or the owner organises it.
    func participation(of owner: Set<String>) -> ParticipationStatus {
        if let own = attendees.first(where: { owner.contains($0.email.lowercased()) }) { return own.status }
        return .accepted
    }

    /// One mapping from status, transparency and own answer to weight (B18): cancelled, declined and transparent events
    /// take no time; tentative ones and invitations not yet answered weigh as tentative; the rest, and doubt, as busy.
    func weight(participation: String) -> Int64 {
        guard status != .cancelled, transparency != .transparent, transparency != .workingElsewhere else { return 0 }
        switch ParticipationStatus(rawValue: participation) {
        case .declined: return 0
        case .tentative, .needsAction: return 1
        case .accepted, .unknown, nil:
            return status == .tentative || transparency == .tentative ? 1 : 2
        }
    }
}
