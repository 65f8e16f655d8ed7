import CivilTime
import ICalendar
import Testing

@testable import Sync

@Suite("How an event weighs on its owner's time (0 free, 1 tentative, 2 busy)")
struct WeightTests {
    private static let owner = Participant(email: "Maya@Example.com")

    private static func weight(
        _ status: EventStatus, _ transparency: Transparency, _ answer: ParticipationStatus?
    ) -> Int64 {
        var event = CalendarEvent(
            uid: "one", start: .utc(Instant(seconds: 0)), end: .utc(Instant(seconds: 3600)))
        (event.status, event.transparency) = (status, transparency)
        if let answer {
            event.attendees = [
                Participant(email: "other@example.com", status: .declined),
                Participant(email: owner.email, status: answer),
            ]
        }
        return ComponentRows(series: EventSeries(uid: "one", master: event), owner: ["maya@example.com"])
            .weight(of: -1)
    }

    @Test(
        "one mapping from status, transparency and own answer",
        arguments: [
            (.confirmed, .opaque, nil, 2), (.confirmed, .opaque, .accepted, 2), (.confirmed, .outOfOffice, nil, 2),
            (.confirmed, .transparent, nil, 0), (.confirmed, .transparent, .accepted, 0),
            (.confirmed, .workingElsewhere, nil, 0), (.confirmed, .tentative, nil, 1), (.tentative, .opaque, nil, 1),
            (.tentative, .opaque, .accepted, 1), (.confirmed, .opaque, .tentative, 1),
            (.confirmed, .opaque, .needsAction, 1), (.confirmed, .opaque, .declined, 0),
            (.cancelled, .opaque, nil, 0), (.cancelled, .opaque, .accepted, 0),
            // An answer that nobody understands takes the time: doubt means busy.
            (.confirmed, .opaque, .unknown, 2),
        ] as [(EventStatus, Transparency, ParticipationStatus?, Int64)])
    func mapping(status: EventStatus, transparency: Transparency, answer: ParticipationStatus?, weight: Int64) {
        #expect(Self.weight(status, transparency, answer) == weight)
    }

    @Test("nothing that takes no time becomes busy by being looked at together, and every combination has a weight")
    func all() {
        for status in [EventStatus.confirmed, .tentative, .cancelled] {
            for transparency in [Transparency.opaque, .transparent, .tentative, .outOfOffice, .workingElsewhere] {
                for answer in [ParticipationStatus.accepted, .declined, .tentative, .unknown, .needsAction] {
                    let isFree =
                        status == .cancelled || answer == .declined
                        || [.transparent, .workingElsewhere].contains(transparency)
                    let isTentative =
                        status == .tentative || transparency == .tentative
                        || [.tentative, .needsAction].contains(answer)
                    let wanted: Int64 = isFree ? 0 : isTentative ? 1 : 2
                    #expect(Self.weight(status, transparency, answer) == wanted, "\(status) \(transparency) \(answer)")
                }
            }
        }
    }

    @Test("a component that is not known weighs as busy")
    func doubt() {
        #expect(ComponentRows(series: EventSeries(uid: "one", master: nil), owner: []).weight(of: 3) == 2)
    }
}
