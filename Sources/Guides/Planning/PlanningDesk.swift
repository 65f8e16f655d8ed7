public import CivilTime
public import Integrations
public import Season
public import Staffing
import StorageKit
public import Trips

/// Answers questions about crews, and makes promises of them.
public struct PlanningDesk: Sendable {
    public let season: SeasonStore
    public let time: GuideTime
    private let pictures = PictureKeeper()

    public init(season: SeasonStore, time: GuideTime) { (self.season, self.time) = (season, time) }

    /// Guides of a service, as the service may know them.
    public struct Picture: Sendable {
        public var staffing: StaffingPicture
        /// What each guide's busy time rests on.
        public var standings: [PersonID: GuideTime.Standing]
    }

    /// The guides of `service`, or those named, with their time in `window` and their trips of the year around it.
    public func picture(
        of service: ServiceID, in window: Period, for question: TimeQuestion, only guides: [PersonID]? = nil
    ) async throws -> Picture {
        guard question == .browse, guides == nil else {
            return try await read(service, in: window, for: question, only: guides)
        }
        return try await pictures.picture(of: service, in: window, season: season) { window, guides in
            try await read(service, in: window, for: .browse, only: guides)
        }
    }

    private func read(
        _ service: ServiceID, in window: Period, for question: TimeQuestion, only guides: [PersonID]?
    ) async throws -> Picture {
        let rows = try await season.database.read { session in
            try PictureRows(service, around: window, only: guides, in: session)
        }
        let answers = try await time.busy(
            rows.members.map(\.person), in: window, for: question, service: service, ignoring: .tripsOfService)
        var standings: [PersonID: GuideTime.Standing] = [:]
        let pictures = zip(rows.members, answers).map { member, answer in
            standings[member.person] = answer.standing
            return rows.picture(of: member, busy: answer.busy.map(BusyTime.init))
        }
        return Picture(staffing: StaffingPicture(guides: pictures, rules: rows.rules), standings: standings)
    }

    /// Who can run a trip that stands, with its crew taken off it, and for everybody else why not.
    /// - Parameter guests: nil: as many as have booked, and one where nobody has.
    public func whoCanRun(_ trip: TripID, of service: ServiceID, guests: Int? = nil) async throws -> CrewAnswer {
        guard let stored = try await season.trip(trip, of: service),
            let zone = season.zones.zone(stored.trip.place.zone)
        else { throw SeasonError.notFound }
        // Near misses are looked for two weeks around.
        var picture = try await picture(of: service, in: stored.trip.period.widened(byDays: 15), for: .browse).staffing
        picture.guides = picture.guides.map { $0.without(trip) }
        let question = try checkTiming {
            () throws(TripTimingError) in
            try CrewQuestion(
                stored.trip, in: zone, guests: guests ?? max(stored.seatsTaken, 1), policy: picture.rules.policy)
        }
        return picture.whoCanRun(question)
    }

    /// Who can run a departure that is not made yet.
    public func whoCanRun(_ draft: TripDraft, of service: ServiceID, guests: Int) async throws -> CrewAnswer {
        let departure = try self.departure(draft)
        let picture = try await picture(of: service, in: departure.span.period.widened(byDays: 15), for: .browse)
            .staffing
        return picture.whoCanRun(question(draft, departure, guests: guests, policy: picture.rules.policy))
    }

    /// The days of a month, or of any days up to 400, on which a party can go.
    public func guestDates(
        _ template: TripTemplate, guests: Int, from first: CivilDate, through last: CivilDate
    ) async throws -> [GuestDate] {
        let zone = try zone(template.place.zone)
        guard first <= last, last.dayNumber - first.dayNumber <= 400,
            let window = Period(from: zone.instant(of: first.midnight), to: zone.instant(of: last.midnight))?
                .widened(byDays: Int64(template.timing.dayCount) + 1)
        else { throw SeasonError.invalid("to", "wants the first day or one of the 400 after it") }
        let picture = try await picture(of: template.service, in: window, for: .browse).staffing
        let offer = try checkTiming { () throws(TripTimingError) in try TripOffer(template, in: zone) }
        let trips = try await season.trips(of: template.service, in: window)
        let crews = try await crews(of: template.service, in: window)
        var standing: [StandingTrip] = []
        for stored in trips where stored.trip.template == template.id && stored.trip.state == .open {
            let trip = stored.trip
            let own = try checkTiming { () throws(TripTimingError) in
                TripOffer(
                    try Departure(trip, in: zone), seats: trip.seats, clientsPerGuide: trip.clientsPerGuide,
                    needs: trip.needs)
            }
            standing.append(StandingTrip(own, guests: stored.seatsTaken, crew: crews[trip.id] ?? []))
        }
        return picture.guestDates(offer, guests: guests, standing: standing, from: first, through: last)
    }

    func zone(_ id: ZoneID) throws -> Zone {
        guard let zone = season.zones.zone(id) else {
            throw SeasonError.invalid("zone", "\(id) is not a time zone of this system")
        }
        return zone
    }

    func departure(_ draft: TripDraft) throws -> Departure {
        let zone = try zone(draft.place.zone)
        return try checkTiming { () throws(TripTimingError) in
            try Departure(draft.timing, at: draft.place, in: zone)
        }
    }

    func question(_ draft: TripDraft, _ departure: Departure, guests: Int, policy: StaffingPolicy) -> CrewQuestion {
        let full = draft.needs.filled(forGuests: guests, clientsPerGuide: draft.clientsPerGuide)
        return CrewQuestion(departure, needs: full, least: policy.ratioIsHard ? full : draft.needs)
    }

    /// Who is on each trip that touches `window`.
    func crews(of service: ServiceID, in window: Period) async throws -> [TripID: [CrewSeat]] {
        let seats = try await season.database.read { session in
            try session.all(
                """
                SELECT a.trip_id, a.person_id, a.role FROM assignments a
                JOIN trips t ON t.service_id = a.service_id AND t.trip_id = a.trip_id
                WHERE a.service_id = ? AND a.state IN ('asked', 'accepted') AND t.end_at > ? AND t.start_at < ?
                """, [.text(service.value), .integer(window.start.seconds), .integer(window.end.seconds)]
            ) { row in
                (
                    trip: TripID(try row.text(0)),
                    seat: CrewSeat(
                        guide: PersonID(try row.text(1)), role: CrewRole(rawValue: try row.text(2)) ?? .trainee)
                )
            }
        }
        return Dictionary(grouping: seats, by: \.trip).mapValues { $0.map(\.seat) }
    }
}

/// A timing that is none is the asker's mistake.
func checkTiming<T>(_ body: () throws(TripTimingError) -> T) throws -> T {
    do { return try body() } catch { throw SeasonError.timing(error) }
}

extension Period {
    /// The same with so many times 24 hours on both sides.
    public func widened(byDays days: Int64) -> Period {
        let reach = days * 86_400
        guard let from = start.advanced(bySeconds: -reach), let to = end.advanced(bySeconds: reach) else { return self }
        return Period(from: from, to: to) ?? self
    }
}

extension BusyTime {
    /// Busy time as `GuideTime` tells it: where there is no reason the viewer learns nothing but the time.
    init(_ span: GuideTime.Span) {
        let source: GuideAvailability.Source =
            switch span.reason {
            case .trip: .assignment
            case .manual, .season, nil: .manual
            case .calendar, .unreadable: .sync
            }
        self.init(
            span.period, source: source, isTentative: span.isTentative,
            visibility: span.reason == nil ? .private : .busy)
    }
}
