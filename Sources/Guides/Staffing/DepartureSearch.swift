public import CivilTime
public import Trips

extension StaffingPicture {
    /// The days from `first` through `last` on which the question's departure could start with a crew and its resources:
    /// 'the first five days in July with two rock leads'. At most `limit`, the earliest.
    public func startDays(
        _ question: CrewQuestion, from first: CivilDate, through last: CivilDate, limit: Int = .max
    ) -> [Departure] {
        var found: [Departure] = []
        var day: CivilDate? = first
        while let start = day, start <= last, found.count < limit {
            if let departure = question.departure.moved(to: start), crewExists(question, at: departure) {
                found.append(departure)
            }
            day = start.adding(days: 1)
        }
        return found
    }

    /// Whether different guides and the resources are there for everything that must be.
    public func crewExists(_ question: CrewQuestion) -> Bool {
        crewExists(question, at: question.departure)
    }

    private func crewExists(_ question: CrewQuestion, at departure: Departure) -> Bool {
        resources(for: question.resources, in: departure.span.period).short.isEmpty
            && openPlaces(question.least, on: departure.span) == 0
    }

    /// How many places stay empty at best. A need with as many candidates as there are places can always be filled, so
    /// looking for more ends there.
    func openPlaces(_ needs: [CrewNeed], on span: TripSpan) -> Int {
        let places = needs.reduce(0) { $0 + $1.count }
        var candidates = needs.map { _ in [Int]() }
        for index in guides.indices where guides[index].isFree(for: span, under: rules) {
            for need in needs.indices
            where candidates[need].count < places && guides[index].fits(needs[need], on: span) {
                candidates[need].append(index)
            }
            if candidates.allSatisfy({ $0.count >= places }) { return 0 }
        }
        let choices = needs.indices.flatMap { Array(repeating: candidates[$0], count: needs[$0].count) }
        return places - Matching(choices, takers: guides.count).count
    }

    /// What a crew leaves open of `needs`: its members are placed so that as few places as can be stay empty.
    public func remaining(of needs: [CrewNeed], crew: [CrewSeat], on span: TripSpan) -> [CrewNeed] {
        let joined = CrewQuestion.joined(needs)
        let places = joined.flatMap { need in
            (0..<need.count).map { _ in
                CrewNeed(role: need.role, count: 1, qualifications: need.qualifications)
            }
        }
        let choices = places.map { place in
            crew.indices.filter { seat in
                crew[seat].role == place.role
                    && (guide(crew[seat].guide)?.isQualified(for: place, on: span)
                        ?? place.qualifications.isEmpty)
            }
        }
        let takers = Matching(choices, takers: crew.count).taker
        return CrewQuestion.joined(zip(places, takers).filter { $0.1 == nil }.map(\.0))
    }
}

/// A guide who is on a trip already.
public struct CrewSeat: Hashable, Sendable {
    public let guide: PersonID
    public let role: CrewRole

    public init(guide: PersonID, role: CrewRole) { (self.guide, self.role) = (guide, role) }
}
