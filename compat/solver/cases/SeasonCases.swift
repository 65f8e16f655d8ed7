// season-cases: seasons at random with the plans that Staffing makes for them, as JSON, one a line; ../run.py holds the
// plans against a known solver's. Arguments: how many, the first seed, guides, trips, days, effort.
import CivilTime
import Foundation
import Staffing
import Trips

@main
struct SeasonCases {
    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard numbers.count == 6, numbers.allSatisfy({ $0 > 0 }) else {
            FileHandle.standardError.write(Data("usage: season-cases COUNT SEED GUIDES TRIPS DAYS EFFORT\n".utf8))
            exit(2)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for seed in numbers[1]..<(numbers[1] + numbers[0]) {
            let season = try RandomSeason(seed: UInt64(seed), guides: numbers[2], trips: numbers[3], days: numbers[4])
            let plan = SeasonSolver(seed: UInt64(seed), effort: numbers[5]).plan(season.trips, season.picture)
            let line = try encoder.encode(SeasonCase(season, plan))
            print(String(decoding: line, as: UTF8.self))
        }
    }
}

/// Guides with certificates that end, busy times and trips they are on already; trips at three places; rest on some.
struct RandomSeason {
    let picture: StaffingPicture
    let trips: [OpenTrip]
    private static let origin = CivilDate(year: 2031, month: 5, day: 1)

    init(seed: UInt64, guides: Int, trips: Int, days: Int) throws {
        var numbers = SeededNumbers(state: seed)
        var policy = StaffingPolicy()
        (policy.turnaroundMinutes, policy.restDays) = (60, Int(seed % 3))
        let drives = DriveTimes([("River", "Wall", 120), ("River", "Hut", 240), ("Hut", "Wall", 60)])
        let rules = StaffingRules(policy: policy, drives: drives)
        let people = try (0..<guides).map { try Self.guide($0, days, rules, &numbers) }
        picture = StaffingPicture(guides: people, rules: rules)
        self.trips = try (0..<trips).map { index in
            let span = try Self.span(Int.random(in: 0..<days, using: &numbers), "trp_\(index)", &numbers)
            var needs = [
                CrewNeed(role: .lead, count: 1, qualifications: numbers.chance(70) ? ["wfr"] : ["wfr", "rock"])
            ]
            if numbers.chance(40) { needs.append(CrewNeed(role: .assist, count: numbers.chance(70) ? 1 : 2)) }
            return OpenTrip(TripID("trp_\(index)"), span: span, needs: needs)
        }
    }

    private static func span(_ day: Int, _ id: String, _ numbers: inout SeededNumbers) throws -> TripSpan {
        let length = [1, 1, 1, 2, 2, 3, 4].randomElement(using: &numbers) ?? 1
        guard let first = origin?.adding(days: day) else { throw CocoaError(.coderInvalidValue) }
        let place = Place(name: ["River", "Wall", "Hut"].randomElement(using: &numbers) ?? "River", zone: .utc)
        // Trips of half a day may follow each other on one day.
        let start = length == 1 && numbers.chance(40) ? 13 : 8
        let end = length == 1 && start == 8 && numbers.chance(50) ? 11 : 17
        let timing = TripTiming.multiDay(
            first, startSecond: Int32(start * 3600), days: length, endSecond: Int32(end * 3600))
        return try TripSpan(timing, at: place, in: .utc, trip: TripID(id))
    }

    private static func guide(
        _ index: Int, _ days: Int, _ rules: StaffingRules, _ numbers: inout SeededNumbers
    ) throws -> GuidePicture {
        let id = "per_\(index)"
        let until = origin?.adding(days: Int.random(in: 0..<days * 2, using: &numbers))
        var held = [Qualification(kind: "wfr", validThrough: numbers.chance(30) ? until : nil)]
        if numbers.chance(60) { held.append(Qualification(kind: "rock")) }
        let busy = try (0..<(days / 12 + 1)).map { _ in
            BusyTime(try span(Int.random(in: 0..<days, using: &numbers), "busy", &numbers).period, source: .sync)
        }
        var guide = GuidePicture(
            id: PersonID(id), name: id, roles: numbers.chance(80) ? [.lead, .assist] : [.assist],
            qualifications: held, busy: busy,
            carried: Load(days: Int.random(in: 0...3, using: &numbers), nights: Int.random(in: 0...2, using: &numbers)))
        let own = try span(Int.random(in: 0..<days, using: &numbers), "trp_\(id)", &numbers)
        if guide.can(run: own, filling: CrewNeed(role: .assist, count: 1), under: rules) {
            guide.trips = Timeline([CrewTrip(own, role: .assist)])
        }
        return guide
    }
}

/// Numbers that a seed decides (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
