import CivilTime
import Testing
import Trips

@Suite("When a trip is")
struct TripTimingTests {
    private func zone(_ name: String) throws -> Zone { try #require(ZoneDatabase.system.zone(ZoneID(name))) }
    private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(extended: text)) }

    @Test("a three-day trip ends at its stated hour of the third day, through any clock change")
    func wallDays() throws {
        // Denver goes forward on 14 March 2027.
        let timing = TripTiming.multiDay(try day("2027-03-13"), startSecond: 8 * 3600, days: 3, endSecond: 17 * 3600)
        let period = try timing.period(in: zone("America/Denver"))
        #expect(period.end.seconds - period.start.seconds == (2 * 24 + 9 - 1) * 3600)
        #expect(try zone("America/Denver").civil(at: period.end).description == "2027-03-15T17:00:00")
    }

    @Test("an afternoon trip stays on its day, however often it is saved")
    func afternoon() throws {
        let denver = try zone("America/Denver")
        let timing = TripTiming.singleDay(try day("2027-07-04"), startSecond: 17 * 3600, minutes: 180)
        let period = try timing.period(in: denver)
        #expect(denver.civil(at: period.start).date == timing.firstDay)
        #expect(try timing.moved(to: denver.civil(at: period.start).date).period(in: denver) == period)
    }

    @Test(
        "what cannot be is refused, with its reason",
        arguments: [
            (TripTiming.Refused.pastMidnight, TripTimingError.endsOnAnotherDay(minutes: 600)),
            (.noLength, .lengthOutOfRange(minutes: 0)), (.noDays, .daysOutOfRange(days: 0)),
            (.tooLong, .daysOutOfRange(days: 121)), (.backwards, .endsBeforeStart),
        ])
    func refused(what: TripTiming.Refused, error: TripTimingError) throws {
        let (denver, first) = (try zone("America/Denver"), try day("2027-07-04"))
        #expect(throws: error) { try what.timing(on: first).period(in: denver) }
    }

    @Test("midnight itself still belongs to the day")
    func midnight() throws {
        let timing = TripTiming.singleDay(try day("2027-07-04"), startSecond: 20 * 3600, minutes: 240)
        _ = try timing.period(in: zone("America/Denver"))
    }
}

extension TripTiming {
    enum Refused: Sendable {
        case pastMidnight, noLength, noDays, tooLong, backwards

        func timing(on day: CivilDate) -> TripTiming {
            switch self {
            case .pastMidnight: .singleDay(day, startSecond: 18 * 3600, minutes: 600)
            case .noLength: .singleDay(day, startSecond: 0, minutes: 0)
            case .noDays: .multiDay(day, startSecond: 0, days: 0, endSecond: 3600)
            case .tooLong: .multiDay(day, startSecond: 0, days: 121, endSecond: 3600)
            case .backwards: .multiDay(day, startSecond: 7200, days: 1, endSecond: 3600)
            }
        }
    }
}

@Suite("What a crew needs")
struct CrewNeedTests {
    @Test(
        "assistants are added until the guides who lead suffice",
        arguments: [(7, 3, 2), (6, 3, 1), (1, 6, 0), (0, 6, 0)])
    func ratio(guests: Int, perGuide: Int, assistants: Int) throws {
        let day = try #require(CivilDate(year: 2027, month: 7, day: 1))
        let trip = try Trip(
            id: TripID("trp_1"), service: ServiceID("svc_1"), title: "Float",
            place: Place(name: "Moab", zone: .utc), timing: .multiDay(day, startSecond: 0, days: 5, endSecond: 3600),
            zone: .utc, seats: 12, clientsPerGuide: perGuide,
            needs: [CrewNeed(role: .lead, count: 1), CrewNeed(role: .trainee, count: 1)])
        let needs = trip.needs(forGuests: guests)
        #expect(needs.filter { $0.role == .assist }.reduce(0) { $0 + $1.count } == assistants)
    }

    @Test("a certificate that ends on day 3 does not hold for a trip of four days")
    func validity() throws {
        let first = try #require(CivilDate(year: 2027, month: 7, day: 1))
        let third = try #require(first.adding(days: 2))
        let fourth = try #require(first.adding(days: 3))
        let firstAid = Qualification(kind: "wfr", validThrough: third)
        #expect(firstAid.holds(from: first, through: third))
        #expect(!firstAid.holds(from: first, through: fourth))
    }
}
