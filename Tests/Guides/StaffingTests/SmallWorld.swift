import CivilTime
import Staffing
import Trips

/// A small service at random, and a question to it; everything happens in July 2031, on quarters of an hour.
struct SmallWorld {
    var picture: StaffingPicture
    var question: CrewQuestion

    init(seed: UInt64) throws {
        var numbers = SeededNumbers(state: seed)
        var policy = StaffingPolicy()
        policy.turnaroundMinutes = [0, 60, 120].randomElement(using: &numbers) ?? 0
        policy.restDays = [0, 0, 1, 2].randomElement(using: &numbers) ?? 0
        policy.tentativeBlocks = numbers.chance(70)
        policy.ratioIsHard = numbers.chance(80)
        let drives = DriveTimes(numbers.chance(60) ? [("River", "Wall", 180)] : [])
        let rules = StaffingRules(policy: policy, drives: drives)
        let count = Int.random(in: 2...6, using: &numbers)
        let guides = try (0..<count).map { try Self.guide($0, rules, &numbers) }
        let vans = (0..<2).map { index in
            ResourcePicture(id: "van_\(index)", kind: "van", busy: Self.periods(1, &numbers))
        }
        picture = StaffingPicture(
            guides: guides.shuffled(using: &numbers), resources: vans, rules: rules)
        question = try Self.question(policy, &numbers)
    }

    private static func question(_ policy: StaffingPolicy, _ numbers: inout SeededNumbers) throws
        -> CrewQuestion
    {
        let days = Int.random(in: 1...4, using: &numbers)
        let first = Sample.day(Int.random(in: 8...16, using: &numbers))
        let timing: TripTiming =
            numbers.chance(30)
            ? .singleDay(
                first, startSecond: Int32.random(in: 6...14, using: &numbers) * 3600,
                minutes: Int.random(in: 2...9, using: &numbers) * 60)
            : .multiDay(first, startSecond: 8 * 3600, days: days, endSecond: 17 * 3600)
        let wanted: Set<String> =
            numbers.chance(50) ? ["wfr"] : numbers.chance(30) ? ["wfr", "rock"] : []
        var needs = [CrewNeed(role: .lead, count: 1, qualifications: wanted)]
        if numbers.chance(40) {
            needs.append(
                .init(role: .assist, count: 1, qualifications: numbers.chance(40) ? ["rock"] : []))
        }
        if numbers.chance(20) { needs.append(.init(role: .trainee, count: 1)) }
        let full = needs.filled(forGuests: Int.random(in: 1...9, using: &numbers), clientsPerGuide: 4)
        let departure = try Departure(
            timing, at: numbers.chance(50) ? Sample.river : Sample.wall, in: Sample.zone, trip: "trp_new")
        return CrewQuestion(
            departure, needs: full, least: policy.ratioIsHard ? full : needs,
            resources: numbers.chance(30)
                ? [.init(kind: "van", count: Int.random(in: 1...2, using: &numbers))] : [])
    }

    private static func guide(
        _ index: Int, _ rules: StaffingRules, _ numbers: inout SeededNumbers
    ) throws -> GuidePicture {
        let qualifications = ["wfr", "rock", "raft"].filter { _ in numbers.chance(70) }.map { kind in
            Qualification(
                kind: kind,
                validFrom: numbers.chance(10) ? Sample.day(Int.random(in: 5...15, using: &numbers)) : nil,
                validThrough: numbers.chance(40) ? Sample.day(Int.random(in: 5...25, using: &numbers)) : nil
            )
        }
        let busy = periods(Int.random(in: 0...2, using: &numbers), &numbers).map { period in
            BusyTime(
                period, source: [.manual, .sync, .assignment].randomElement(using: &numbers) ?? .sync,
                isTentative: numbers.chance(30),
                visibility: GuideAvailability.Visibility.allCases.randomElement(using: &numbers) ?? .busy,
                reference: "row")
        }
        let season = Presence.Season(
            firstDay: Sample.day(Int.random(in: 1...9, using: &numbers)),
            lastDay: Sample.day(Int.random(in: 12...30, using: &numbers)), isAvailable: true)
        let presence: Presence =
            numbers.chance(30)
            ? Presence(byDefault: false, seasons: [season], opened: periods(1, &numbers), in: Sample.zone)
            : .always
        var guide = GuidePicture(
            id: PersonID("per_\(index)"), name: ["Ana", "Bo", "Cy", "Dee", "Eli", "Flo"][index],
            isActive: numbers.chance(95),
            roles: Set(CrewRole.allCases.filter { _ in numbers.chance(85) }),
            qualifications: qualifications, presence: presence, busy: busy,
            carried: Load(
                days: Int.random(in: 0...3, using: &numbers), nights: Int.random(in: 0...2, using: &numbers)
            ))
        for trip in 0..<Int.random(in: 0...4, using: &numbers) {
            let span = try Sample.trip(
                Int.random(in: 1...26, using: &numbers), days: Int.random(in: 1...3, using: &numbers),
                from: Int.random(in: 7...9, using: &numbers), to: Int.random(in: 11...18, using: &numbers),
                at: numbers.chance(50) ? Sample.river : Sample.wall, id: "trp_\(index)_\(trip)")
            // What stands was possible once; nothing is asked of it but what trips ask of each other.
            guard SlowCheck(rules).amongTrips(guide, span).isEmpty else { continue }
            guide.trips = Timeline(guide.trips.pieces + [Sample.on(span)])
        }
        return guide
    }

    private static func periods(_ count: Int, _ numbers: inout SeededNumbers) -> [Period] {
        (0..<count).compactMap { _ in
            let day = Int.random(in: 3...24, using: &numbers)
            let start = Sample.at(
                day, Int.random(in: 0...23, using: &numbers), 15 * Int.random(in: 0...3, using: &numbers))
            let length =
                numbers.chance(20) ? 5 * 86_400 : Int64(Int.random(in: 1...40, using: &numbers)) * 900
            return start.advanced(bySeconds: length).flatMap { Period(from: start, to: $0) }
        }
    }
}
