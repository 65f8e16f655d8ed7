import CivilTime
import Staffing
import Testing
import Trips

@Suite("What would free a guide, and when a crew exists")
struct NearMissTests {
    @Test(
        "a near miss frees the guide, no smaller change of its kind does, and where none is told none exists"
    )
    func smallest() throws {
        var (told, none) = (0, 0)
        for seed in 5_000..<5_400 {
            let world = try SmallWorld(seed: UInt64(seed))
            let answer = world.picture.whoCanRun(world.question, nearMisses: 9)
            let tried = changes(of: world.question.departure)
            for unable in answer.unable {
                let guide = try #require(world.picture.guide(unable.guide))
                var first: [String: TripChange] = [:]
                for (change, span) in tried where first[change.code] == nil {
                    let isFree = answer.needs.contains {
                        SlowCheck(world.picture.rules).codes(guide, span, $0).isEmpty
                    }
                    if isFree { first[change.code] = change }
                }
                let sizes = unable.nearMisses.map(\.change.size)
                #expect(sizes == sizes.sorted())
                try #require(
                    Set(unable.nearMisses.map(\.change)) == Set(first.values), "seed \(seed), \(guide.name)")
                told += unable.nearMisses.count
                none += unable.nearMisses.isEmpty ? 1 : 0
            }
        }
        #expect(told > 300 && none > 100)
    }

    private func changes(of departure: Departure) -> [(TripChange, TripSpan)] {
        TripChange.tried.compactMap { change in
            guard let timing = change.applied(to: departure.timing) else { return nil }
            // A timing without a period is none.
            return (try? TripSpan(timing, at: departure.place, in: departure.zone, trip: departure.trip))
                .map {
                    (change, $0)
                }
        }
    }

    @Test("the changes that are tried come smallest first")
    func order() {
        let sizes = TripChange.tried.map(\.size)
        #expect(sizes == sizes.sorted() && Set(TripChange.tried).count == sizes.count)
    }

    @Test("sentences name the day")
    func sentences() {
        let timing = TripTiming.multiDay(Sample.day(1), startSecond: 0, days: 5, endSecond: 1)
        #expect(
            TripChange.move(days: 2).sentence(for: timing)
                == "the trip started on Thursday 3 Jul, 2 days later")
        #expect(
            TripChange.move(days: -1).sentence(for: timing)
                == "the trip started on Monday 30 Jun, 1 day earlier")
        #expect(
            TripChange.startLater(minutes: 90).sentence(for: timing)
                == "the trip started 1 h 30 min later")
        #expect(TripChange.dropDays(2).sentence(for: timing) == "the trip lasted 3 of its 5 days")
    }

    @Test("start days are those on which trying every crew finds one")
    func startDays() throws {
        var listed = 0
        for seed in 7_000..<7_100 {
            var world = try SmallWorld(seed: UInt64(seed))
            let found = world.picture.startDays(
                world.question, from: Sample.day(1), through: Sample.day(28))
            let question = world.question
            var expected: [CivilDate] = []
            for number in 1...28 {
                guard let moved = question.departure.moved(to: Sample.day(number)) else { continue }
                world.question.departure = moved
                if !BruteCrews(world).crews.isEmpty { expected.append(Sample.day(number)) }
            }
            try #require(found.map(\.span.firstDay) == expected, "seed \(seed)")
            let few = world.picture.startDays(
                question, from: Sample.day(1), through: Sample.day(28), limit: 3)
            #expect(few == Array(found.prefix(3)))
            listed += found.count
        }
        #expect(listed > 300)
    }

    @Test("the first five days in July with two rock leads")
    func rockLeads() throws {
        let rock = Qualification(kind: "rock")
        let guides = ["Ann", "Ben", "Cat"].map { name in
            GuidePicture(
                id: PersonID(name), name: name, qualifications: name == "Cat" ? [] : [rock],
                busy: name == "Ann" ? [Sample.busy(Sample.at(6, 10), Sample.at(6, 11), .manual)] : [])
        }
        let timing = TripTiming.multiDay(Sample.day(1), startSecond: 28_800, days: 2, endSecond: 61_200)
        let question = CrewQuestion(
            try Departure(timing, at: Sample.wall, in: Sample.zone),
            needs: [CrewNeed(role: .lead, count: 2, qualifications: ["rock"])])
        let days = StaffingPicture(guides: guides).startDays(
            question, from: Sample.day(3), through: Sample.day(31), limit: 5)
        #expect(days.map(\.span.firstDay) == [3, 4, 7, 8, 9].map(Sample.day))
    }

    @Test("guests' dates: standing trips with seats and guides for so many, else new departures")
    func guestDates() throws {
        let timing = TripTiming.multiDay(Sample.day(1), startSecond: 28_800, days: 2, endSecond: 61_200)
        let needs = [CrewNeed(role: .lead, count: 1)]
        func offer(_ first: Int, _ trip: TripID?, seats: Int = 6) throws -> TripOffer {
            let departure = try Departure(
                timing.moved(to: Sample.day(first)), at: Sample.river, in: Sample.zone, trip: trip)
            return TripOffer(departure, seats: seats, clientsPerGuide: 3, needs: needs)
        }
        let standing = StandingTrip(
            try offer(5, "trp_5"), guests: 2, crew: [CrewSeat(guide: "ann", role: .lead)])
        let ann = GuidePicture(
            id: "ann", name: "Ann", trips: [Sample.on(standing.offer.departure.span)])
        let ben = GuidePicture(
            id: "ben", name: "Ben", busy: [Sample.busy(Sample.at(8, 0), Sample.at(31, 0))])
        var picture = StaffingPicture(guides: [ann, ben])
        func dates(_ guests: Int) throws -> [String] {
            picture.guestDates(
                try offer(1, nil), guests: guests, standing: [standing], from: Sample.day(3),
                through: Sample.day(9)
            ).map { date in
                let day = date.departure.span.firstDay.day
                if case .join(let id, let left) = date.kind { return "\(day) \(id) \(left)" }
                return "\(day)"
            }
        }
        // Alone with Ann, who is away on days 5 and 6; Ben helps until day 7.
        #expect(try dates(1) == ["3", "4", "5 trp_5 4", "5", "6", "7", "8", "9"])
        // With two more guests the trip needs an assistant, whom only Ben can be.
        #expect(try dates(4) == ["3", "5 trp_5 4"])
        #expect(try dates(5) == ["3"])
        #expect(try dates(7).isEmpty && dates(0).isEmpty)
        picture.guides[1].busy = Timeline([Sample.busy(Sample.at(1, 0), Sample.at(31, 0))])
        #expect(try dates(2).isEmpty == false && dates(2).contains("5 trp_5 4") == false)
        #expect(try dates(1).contains("5 trp_5 4"))
    }
}
