public import CivilTime
public import Trips

/// All that decides whether a guide can run a trip, as one service and one viewer may know it. Making it sorts; asking
/// only reads, so keep it beside the version of the data it was made from.
public struct GuidePicture: Hashable, Sendable {
    public let id: PersonID
    public var name: String
    /// False: not a guide of this service, or not an active one.
    public var isActive: Bool
    public var roles: Set<CrewRole>
    public var qualifications: [Qualification]
    public var presence: Presence
    /// Everything but this service's trips.
    public var busy: Timeline<BusyTime>
    /// This service's trips that they are on (asked or accepted); of the whole season, for fairness and rest.
    public var trips: Timeline<CrewTrip>
    /// What counts for fairness beside `trips`: for somebody who came in the middle of the season, the others' average
    /// by then.
    public var carried: Load

    public init(
        id: PersonID, name: String, isActive: Bool = true,
        roles: Set<CrewRole> = Set(CrewRole.allCases),
        qualifications: [Qualification] = [], presence: Presence = .always, busy: [BusyTime] = [],
        trips: [CrewTrip] = [], carried: Load = .zero
    ) {
        (self.id, self.name, self.isActive, self.roles) = (id, name, isActive, roles)
        (self.qualifications, self.presence) = (qualifications, presence)
        (self.busy, self.trips, self.carried) = (Timeline(busy), Timeline(trips), carried)
    }

    /// The same guide without their place on `trip`: to ask whether they could run it at another time.
    public func without(_ trip: TripID) -> GuidePicture {
        var other = self
        other.trips.removeAll { $0.span.trip == trip }
        return other
    }

    /// Days and nights on trips: those made and those to come.
    public var load: Load { trips.pieces.reduce(carried) { $0 + Load(of: $1.span) } }
}

/// A trip that a guide is on.
public struct CrewTrip: TakesTime {
    public let span: TripSpan
    public let role: CrewRole
    public var period: Period { span.period }

    public init(_ span: TripSpan, role: CrewRole) { (self.span, self.role) = (span, role) }
}

/// What fairness counts: not bookings, but days and nights on trips.
public struct Load: Hashable, Sendable, Comparable {
    public var days, nights: Int

    public init(days: Int, nights: Int) { (self.days, self.nights) = (days, nights) }
    public init(of span: TripSpan) { self.init(days: span.days, nights: span.nights) }

    public static let zero = Load(days: 0, nights: 0)
    public static func + (left: Load, right: Load) -> Load {
        Load(days: left.days + right.days, nights: left.nights + right.nights)
    }
    public static func - (left: Load, right: Load) -> Load {
        Load(days: left.days - right.days, nights: left.nights - right.nights)
    }
    /// By days, then nights.
    public static func < (left: Load, right: Load) -> Bool {
        (left.days, left.nights) < (right.days, right.nights)
    }
}
