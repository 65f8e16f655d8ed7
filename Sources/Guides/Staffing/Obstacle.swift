public import CivilTime
public import Trips

/// One reason why a guide cannot run a trip, as the viewer may know it. docs/staffing.md has a row for each code.
public enum Obstacle: Hashable, Sendable {
    /// No guide of this service, or not an active one.
    case notMember
    case roleNotTaken(CrewRole)
    case alreadyOnTrip(TripID)
    /// The first part of the trip in which the guide is not there by default, and no row opens it.
    case outOfSeason(Period)
    case lacksQualification(String)
    /// Holds from a later day than the first; `day` counts the trip's days from 1.
    case qualificationBegins(String, on: CivilDate, day: Int)
    /// Its last valid day comes before the last of the trip; `day` is below 1 where it ended before the trip.
    case qualificationEnds(String, on: CivilDate, day: Int)
    /// On another trip of this service then.
    case onTrip(TripID?, Period)
    case busy(SeenBusyTime)
    /// Too few minutes between this trip and that one, driving not counted.
    case turnaround(TripID?, minutes: Int, needed: Int)
    /// Too few minutes for turnaround and the road.
    case drive(TripID?, minutes: Int, needed: Int)
    /// Too few whole days without a trip between the two that last several days.
    case restDays(TripID?, days: Int, needed: Int)

    /// For programs; never changes its meaning.
    public var code: String {
        switch self {
        case .notMember: "not-member"
        case .roleNotTaken: "role-not-taken"
        case .alreadyOnTrip: "already-on-trip"
        case .outOfSeason: "out-of-season"
        case .lacksQualification: "qualification-missing"
        case .qualificationBegins: "qualification-begins"
        case .qualificationEnds: "qualification-ends"
        case .onTrip: "on-trip"
        case .busy(let seen): seen.kind.rawValue
        case .turnaround: "turnaround"
        case .drive: "drive-time"
        case .restDays: "rest-days"
        }
    }

    /// Whether another time for the trip might do away with it.
    var dependsOnTime: Bool {
        switch self {
        case .notMember, .roleNotTaken, .alreadyOnTrip, .lacksQualification: false
        default: true
        }
    }

    /// What somebody can do about it.
    public var remedy: String {
        switch self {
        case .notMember: "Invite the guide, or make the membership active again."
        case .roleNotTaken(let role):
            "Let the guide take the role '\(role.rawValue)' in their membership, or ask for another role."
        case .alreadyOnTrip: "Nothing to do; change the guide's role on the trip instead."
        case .outOfSeason: "Add a season or an opening row for these days, or move the trip."
        case .lacksQualification(let kind):
            "Enter the guide's \(kind) with its dates, or choose a guide who has it."
        case .qualificationBegins, .qualificationEnds:
            "Enter the renewed certificate, or let the trip end while the present one is valid."
        case .onTrip: "Take the guide off the other trip, or move one of the two."
        case .busy(let seen): seen.remedy
        case .turnaround: "Start later or end earlier, or lower the service's turnaround."
        case .drive: "Start later or end earlier, or choose a guide who is nearer."
        case .restDays: "Move one of the trips, or lower the service's rest days."
        }
    }
}

extension SeenBusyTime {
    var remedy: String {
        switch kind {
        case .unsaid: "Ask the guide, move the trip, or override by name."
        case .otherService: "Ask the guide; another service has them then."
        case .blocked: "Ask the guide to remove the block, or override by name."
        case .calendar: "Ask the guide to move the event or mark it free, or override by name."
        case .calendarTentative:
            "Ask the guide to decide on the event, or let tentative events not block."
        }
    }
}
