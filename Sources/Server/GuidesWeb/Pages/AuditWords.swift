import CivilTime
import Season

/// Changes in words. They hold ids and times only, so nothing of a guest or a calendar can stand here.
enum AuditWords {
    static func text(_ change: SeasonChange, _ names: [String: String]) -> String {
        func name(_ person: String) -> String { names[person] ?? "somebody who left" }
        switch change {
        case .tripAdded(let id, _, _, let seats, let state): return "trip \(id) added, \(state), \(seats) seats"
        case .tripMoved(let id, _, _): return "trip \(id) moved"
        case .tripOpened(let id): return "trip \(id) opened"
        case .tripCancelled(let id): return "trip \(id) cancelled"
        case .assigned(_, let trip, let guide, let role, let state, _, _, let overridden):
            return "\(name(guide)) \(state) as \(role) of \(trip)\(overridden ? ", in spite of a conflict" : "")"
        case .assignmentMoved(let id, _, _): return "\(id) moved with its trip"
        case .assignmentEnded(let id, let state): return "\(id) \(state)"
        case .assignmentAccepted(let id): return "\(id) accepted"
        case .partyHeld(let id, let trip, let size, _): return "\(size) seats of \(trip) held for \(id)"
        case .holdExtended(let id, _): return "hold of \(id) extended"
        case .partyBooked(let id): return "\(id) booked"
        case .partyRequested(let id): return "\(id) requested"
        case .partyResized(let id, let size): return "\(id) is \(size) now"
        case .partyMoved(let id, let trip): return "\(id) moved to \(trip)"
        case .partyEnded(let id, let state): return "\(id) \(state)"
        case .memberChanged(let person, let roles, let isActive):
            return "\(name(person)): \(roles.joined(separator: ", "))\(isActive ? "" : ", inactive")"
        case .planAccepted(let first, let last, let seed, let version, let places):
            let days = [first, last].map { Int32(exactly: $0).flatMap(CivilDate.init(dayNumber:)).map(TimeWords.day) ?? "" }
            return "\(places) places of a season's plan accepted: \(days[0]) to \(days[1]), seed \(seed), as of line \(version)"
        case .backendChanged(let from, let to): return "calendars come from \(to) now, not from \(from)"
        case .serviceChanged: return "settings changed"
        default: return change.words
        }
    }
}

extension SeasonChange {
    /// The case’s name and what it is about, for changes that have no words of their own.
    fileprivate var words: String { String(describing: self).prefix { $0 != "(" } + "" }
}
