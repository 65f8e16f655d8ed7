public import Trips

/// One change of a season, as the audit keeps it: ids and times only, so that it holds nothing of a person and the state
/// can be made again from the changes alone. Instants are seconds since 1970.
public enum SeasonChange: Codable, Hashable, Sendable {
    case tripAdded(trip: String, start: Int64, end: Int64, seats: Int64, state: String)
    case tripMoved(trip: String, start: Int64, end: Int64)
    /// A departure that a guest's hold kept is one for everybody.
    case tripOpened(trip: String)
    case tripCancelled(trip: String)
    case assigned(
        assignment: String, trip: String, guide: String, role: String, state: String, start: Int64, end: Int64,
        overridden: Bool)
    case assignmentMoved(assignment: String, start: Int64, end: Int64)
    case assignmentEnded(assignment: String, state: String)
    case assignmentAccepted(assignment: String)
    case partyHeld(party: String, trip: String, size: Int64, until: Int64)
    case holdExtended(party: String, until: Int64)
    case partyBooked(party: String)
    case partyRequested(party: String)
    case partyResized(party: String, size: Int64)
    case partyMoved(party: String, trip: String)
    case partyEnded(party: String, state: String)
    case memberChanged(person: String, roles: [String], isActive: Bool)
    case serviceChanged
    case templateAdded(template: String)
    case templateRemoved(template: String)
    case guestChanged(guest: String)
    /// Somebody looked at what not everybody may see.
    case seen(what: String)
    /// A person's data was handed out, or erased with so many rows.
    case exported(person: String)
    /// A calendar of a guide: `linked`, `unlinked`, `removed`, `disconnected`, `ended`; `thing` is the link's or the
    /// integration's id, `detail` the account's or the cause.
    case calendar(person: String, event: String, thing: String, detail: String)
    /// The service takes its calendars from elsewhere now.
    case backendChanged(from: String, to: String)
    case erased(person: String, rows: Int64)

    /// Crews of a plan were accepted: so many places of its days (first and last, since 1970), worked out with this seed
    /// from the season as of this line of the audit. Each place has its own line, `assigned`.
    case planAccepted(first: Int64, last: Int64, seed: Int64, version: Int64, places: Int64)

    /// What it is about, for the list of a thing's changes.
    var thing: String {
        switch self {
        case .tripAdded(let id, _, _, _, _), .tripMoved(let id, _, _), .tripOpened(let id), .tripCancelled(let id): id
        case .assigned(let id, _, _, _, _, _, _, _), .assignmentMoved(let id, _, _), .assignmentEnded(let id, _),
            .assignmentAccepted(let id):
            id
        case .partyHeld(let id, _, _, _), .holdExtended(let id, _), .partyBooked(let id), .partyRequested(let id),
            .partyResized(let id, _), .partyMoved(let id, _), .partyEnded(let id, _):
            id
        case .memberChanged(let id, _, _), .exported(let id), .erased(let id, _): id
        case .templateAdded(let id), .templateRemoved(let id), .guestChanged(let id), .seen(let id): id
        case .calendar(let id, _, _, _): id
        case .serviceChanged, .backendChanged, .planAccepted: ""
        }
    }
}

/// Who changed something.
public enum Actor: Hashable, Sendable {
    case person(PersonID)
    /// Somebody with a party's link.
    case guest(PartyID)
    /// The season itself: holds and deadlines that ran out, the calendar platform, the command line.
    case system(String)

    var text: String {
        switch self {
        case .person(let id): id.value
        case .guest(let party): party.value
        case .system(let name): name
        }
    }
}
