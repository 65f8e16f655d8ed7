import CivilTime
import Staffing
import Testing
import Trips

@Suite("Who can run this?")
struct CrewTests {
    @Test("crews and reasons equal those of trying everything, on 2,000 small cases")
    func bruteForce() throws {
        var (withCrew, without, refused) = (0, 0, 0)
        for seed in 0..<2_000 {
            let world = try SmallWorld(seed: UInt64(seed))
            let answer = world.picture.whoCanRun(world.question, crews: 4, nearMisses: 0)
            let brute = BruteCrews(world)
            try #require(answer.crews.map(\.members).map(key) == brute.best(4), "seed \(seed)")
            try #require(answer.isComplete && answer.isBelowRatio == brute.isBelow, "seed \(seed)")
            try #require(world.picture.crewExists(world.question) == !brute.crews.isEmpty, "seed \(seed)")
            let check = SlowCheck(world.picture.rules)
            for guide in world.picture.guides {
                for (index, need) in answer.needs.enumerated() {
                    let codes = check.codes(guide, world.question.departure.span, need)
                    let told = answer.unable.first { $0.guide == guide.id }?.obstacles[index]
                    let isAble = answer.able.first { $0.guide == guide.id }?.needs.contains(index) ?? false
                    try #require(isAble == codes.isEmpty, "seed \(seed), \(guide.name): \(codes)")
                    if let told {
                        // Rest means nothing between trips that overlap.
                        let rest: Set = codes.contains("on-trip") ? ["rest-days"] : []
                        try #require(
                            Set(told.map(\.code)).subtracting(rest) == codes.subtracting(rest),
                            "seed \(seed), \(guide.name)")
                        refused += 1
                    }
                }
            }
            if brute.crews.isEmpty { without += 1 } else { withCrew += 1 }
        }
        // The cases are no walk-over on either side.
        #expect(withCrew > 500 && without > 500 && refused > 2_000)
    }

    @Test(
        "a checker that forgets a rule differs",
        arguments: [
            "qualification-ends", "qualification-begins", "out-of-season", "blocked",
            "calendar-tentative", "busy",
            "on-trip", "turnaround", "drive-time", "rest-days", "role-not-taken", "not-member",
        ])
    func controls(rule: String) throws {
        let differs = try (0..<2_000).contains { seed in
            let world = try SmallWorld(seed: UInt64(seed))
            let check = SlowCheck(world.picture.rules, forgetting: rule)
            let span = world.question.departure.span
            return world.picture.guides.contains { guide in
                world.question.needs.contains { need in
                    let found = guide.obstacles(to: span, filling: need, under: world.picture.rules)
                    return found.isEmpty != check.codes(guide, span, need).isEmpty
                }
            }
        }
        #expect(differs)
    }

    private func key(_ members: [Crew.Member]) -> String {
        members.map { "\($0.need):\($0.guide)" }.sorted().joined(separator: " ")
    }

    @Test("fairness comes first, then certificates kept for others, then names")
    func ranking() throws {
        func guide(_ name: String, days: Int, _ kinds: [String]) -> GuidePicture {
            GuidePicture(
                id: PersonID("per_\(name)"), name: name,
                qualifications: kinds.map { Qualification(kind: $0) },
                carried: Load(days: days, nights: 0))
        }
        let picture = StaffingPicture(guides: [
            guide("Eve", days: 4, ["wfr"]), guide("Dan", days: 4, ["wfr"]),
            guide("Cat", days: 4, ["wfr", "raft"]),
            guide("Ben", days: 3, ["wfr", "raft", "rock"]), guide("Ann", days: 0, []),
        ])
        let departure = try Departure(
            .multiDay(Sample.day(1), startSecond: 28_800, days: 2, endSecond: 61_200), at: Sample.river,
            in: Sample.zone)
        let need = CrewNeed(role: .lead, count: 1, qualifications: ["wfr"])
        let answer = picture.whoCanRun(CrewQuestion(departure, needs: [need]))
        #expect(
            answer.crews.flatMap(\.members).map(\.guide.value) == [
                "per_Ben", "per_Dan", "per_Eve", "per_Cat",
            ])
        #expect(answer.unable.map(\.guide.value) == ["per_Ann"])
        #expect(answer.unable[0].obstacles == [[.lacksQualification("wfr")]])
        #expect(answer.crews[0].explanation.hasPrefix("3 days and 0 nights"))
    }

    @Test("5 days, 7 guests, 3 to a guide, one lead with first aid through the end, one van")
    func boat() throws {
        let trip = try Trip(
            id: "trp_5", service: "svc_1", title: "Canyon", place: Sample.river,
            timing: .multiDay(Sample.day(1), startSecond: 28_800, days: 5, endSecond: 61_200),
            zone: Sample.zone,
            seats: 9, clientsPerGuide: 3,
            needs: [CrewNeed(role: .lead, count: 1, qualifications: ["wfr"])])
        func guide(_ name: String, through day: Int?, busy: [BusyTime] = []) -> GuidePicture {
            GuidePicture(
                id: PersonID("per_\(name)"), name: name,
                qualifications: day.map { [Qualification(kind: "wfr", validThrough: Sample.day($0))] }
                    ?? [],
                busy: busy)
        }
        let last = Sample.busy(Sample.at(5, 15), Sample.at(5, 18))
        var picture = StaffingPicture(
            guides: [
                guide("Ann", through: 5), guide("Ben", through: 3), guide("Cat", through: 9),
                guide("Dan", through: 30, busy: [last]),
            ], resources: [ResourcePicture(id: "van_1", kind: "van")])
        let van = ResourceNeed(kind: "van", count: 1)
        let question = try CrewQuestion(
            trip, in: Sample.zone, guests: 7, policy: picture.rules.policy, resources: [van])
        let answer = picture.whoCanRun(question)
        #expect(answer.needs.map(\.count) == [1, 2] && answer.resources == ["van_1"])
        #expect(
            answer.crews.map { $0.members.map(\.guide.value) } == [
                ["per_Ann", "per_Ben", "per_Cat"], ["per_Cat", "per_Ben", "per_Ann"],
            ])
        let dan = try #require(answer.unable.first)
        #expect(dan.guide == "per_Dan" && dan.nearMisses.first?.change == .endEarlier(minutes: 120))
        #expect(
            try #require(dan.nearMisses.first).change.sentence(for: trip.timing)
                == "the trip ended 2 h earlier")
        // Ben can assist; as the lead he would have to be home on day 3.
        let asLead = CrewQuestion(question.departure, needs: trip.needs)
        let ben = try #require(
            picture.whoCanRun(asLead, nearMisses: 5).unable.first { $0.guide == "per_Ben" })
        #expect(ben.fewest.map { $0.sentence(in: Sample.zone) } == ["wfr ends on day 3, 3 Jul"])
        #expect(ben.nearMisses.map(\.change) == [.move(days: -2), .dropDays(2)])
        // Without the van nobody leaves.
        picture.resources[0].busy = Timeline([Sample.busy(Sample.at(5, 16), Sample.at(6, 0)).period])
        let short = picture.whoCanRun(question)
        #expect(
            short.crews.isEmpty
                && short.shortages.map(\.sentence) == ["0 of 1 'van' free for the whole trip"])
        #expect(!picture.crewExists(question))
    }

    @Test("a soft ratio takes the smaller crew and says so")
    func softRatio() throws {
        var policy = StaffingPolicy()
        let trip = try Trip(
            id: "trp_1", service: "svc_1", title: "Wall", place: Sample.wall,
            timing: .singleDay(Sample.day(1), startSecond: 28_800, minutes: 300), zone: Sample.zone,
            seats: 8,
            clientsPerGuide: 4)
        func answer() throws -> CrewAnswer {
            let picture = StaffingPicture(
                guides: [GuidePicture(id: "per_1", name: "Ann")], rules: StaffingRules(policy: policy))
            return picture.whoCanRun(try CrewQuestion(trip, in: Sample.zone, guests: 5, policy: policy))
        }
        #expect(try answer().crews.isEmpty && answer().openPlaces == 1 && !answer().isBelowRatio)
        policy.ratioIsHard = false
        #expect(try answer().crews.count == 1 && answer().isBelowRatio)
    }
}

/// Every crew there is, by trying each guide in each place.
struct BruteCrews {
    private(set) var crews: [(key: String, rank: [Int], order: [Int])] = []
    private(set) var isBelow = false
    private let world: SmallWorld

    init(_ world: SmallWorld) {
        self.world = world
        let full = all(world.question.needs)
        // Without resources nobody goes, but whether guides would do decides between the full crew and the least.
        let useLeast = full.isEmpty && world.question.least != world.question.needs
        let found = useLeast ? all(world.question.least) : full
        isBelow = useLeast
        let span = world.question.departure.span
        let hasAll = world.question.resources.allSatisfy { need in
            need.count
                <= world.picture.resources.count { thing in
                    thing.kind == need.kind
                        && thing.busy.pieces.allSatisfy {
                            $0.end <= span.period.start || $0.start >= span.period.end
                        }
                }
        }
        crews = hasAll ? found : []
    }

    func best(_ limit: Int) -> [String] {
        crews.sorted { left, right in
            left.rank == right.rank
                ? left.order.lexicographicallyPrecedes(right.order)
                : left.rank.lexicographicallyPrecedes(right.rank)
        }.prefix(limit).map(\.key)
    }

    private func all(_ needs: [CrewNeed]) -> [(key: String, rank: [Int], order: [Int])] {
        let (guides, span) = (world.picture.guides, world.question.departure.span)
        let check = SlowCheck(world.picture.rules)
        let places = needs.indices.flatMap { Array(repeating: $0, count: needs[$0].count) }
        let names = guides.map(\.name).sorted()
        var found: [String: (key: String, rank: [Int], order: [Int])] = [:]
        func place(_ chosen: [Int]) {
            guard chosen.count == places.count else {
                for guide in guides.indices where !chosen.contains(guide) {
                    guard check.codes(guides[guide], span, needs[places[chosen.count]]).isEmpty else {
                        continue
                    }
                    place(chosen + [guide])
                }
                return
            }
            let key = zip(places, chosen).map { "\($0):\(guides[$1].id)" }.sorted().joined(separator: " ")
            var seats = zip(places, chosen).map { need, index in
                let guide = guides[index]
                let spare = guide.qualifications.count { held in
                    !needs[need].qualifications.contains(held.kind)
                        && (held.validFrom.map { $0 <= span.firstDay } ?? true)
                        && (held.validThrough.map { $0 >= span.lastDay } ?? true)
                }
                let rank = [
                    guide.carried.days + guide.trips.pieces.reduce(0) { $0 + $1.span.days },
                    guide.carried.nights + guide.trips.pieces.reduce(0) { $0 + $1.span.days - 1 }, spare,
                    names.firstIndex(of: guide.name) ?? 0,
                ]
                return (need: need, index: index, rank: rank)
            }
            // Within a need the better-ranked come first; equal crews are ordered by who stands first in the picture.
            seats.sort { ([$0.need] + $0.rank).lexicographicallyPrecedes([$1.need] + $1.rank) }
            let rank = (0..<4).map { part in seats.reduce(0) { $0 + $1.rank[part] } }
            found[key] = (key, rank, seats.map(\.index))
        }
        place([])
        return Array(found.values)
    }
}
