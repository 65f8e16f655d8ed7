import CivilTime
import Foundation
import Staffing
import Trips

/// Who can run a trip of three days with two rock leads and an assistant: every start in six months among 200 guides
/// with 360 busy times in 24 months each, beside a plain scan of all rows; the same question for one date with all reasons and near
/// misses; a season of 30 guides and 400 trips, in seconds and beside what no plan can beat.
struct StaffingSpeed: BenchSuite {
    static let name = "staffing"
    private static let rounds = 9

    static func run(_ context: BenchContext) async throws -> [Measurement] {
        let service = try BusyService(guides: 200)
        var (months, scan, reasons) = (Rounds(), Rounds(), Rounds())
        for _ in 0..<rounds {
            let before = Rounds.processorSeconds()
            let days = service.picture.startDays(service.question, from: BusyService.first, through: BusyService.last)
            let between = Rounds.processorSeconds()
            let scanned = try PlainScan(service).days()
            months.add((between - before) * 1000)
            scan.add((Rounds.processorSeconds() - between) * 1000)
            guard days.map(\.span.firstDay) == scanned, !days.isEmpty else {
                throw BenchError("staffing finds \(days.count) starts, the plain scan \(scanned.count)")
            }
            let start = Rounds.processorSeconds()
            let answer = service.picture.whoCanRun(service.question)
            reasons.add((Rounds.processorSeconds() - start) * 1000)
            guard answer.able.count + answer.unable.count == 200 else { throw BenchError("some guides have no answer") }
        }
        let name = "who can run, 200 guides"
        return [
            Measurement(
                name: "\(name), 6 months", value: months.median, unit: "ms", better: .less, peer: "plain scan",
                peerValue: scan.median),
            Measurement(
                name: "\(name), 6 months", value: months.median, unit: "ms", better: .less, peer: "limit", peerValue: 20
            ),
            Measurement(
                name: "\(name), one date with reasons", value: reasons.median, unit: "ms", better: .less, peer: "limit",
                peerValue: 50),
        ] + (try season())
    }

    private static func season() throws -> [Measurement] {
        let (picture, trips) = try BusyService.season(guides: 30, trips: 400)
        let before = Rounds.processorSeconds()
        let plan = SeasonSolver().plan(trips, picture)
        let seconds = Rounds.processorSeconds() - before
        guard plan.unfilled.isEmpty else { throw BenchError("the season has \(plan.unfilled.count) open places") }
        return [
            Measurement(
                name: "season of 30 guides and 400 trips", value: seconds, unit: "s", better: .less, peer: "limit",
                peerValue: 5),
            Measurement(
                name: "season of 30 guides and 400 trips, squares of days", value: Double(plan.objective.days),
                unit: "days²", better: .less, peer: "least of any plan", peerValue: Double(plan.bound.days)),
        ]
    }
}

/// A large service in summer 2031.
struct BusyService {
    let picture: StaffingPicture
    let question: CrewQuestion
    static let first = day(0)
    static let last = day(183)
    private static let zone = ZoneDatabase.system.zone(ZoneID("America/Denver")) ?? .utc

    init(guides: Int) throws {
        var numbers = BenchNumbers(state: 7)
        let people = try (0..<guides).map { index in
            let held = ["wfr", "rock", "raft"].filter { _ in numbers.next(3) > 0 }.map { kind in
                Qualification(kind: kind, validThrough: numbers.next(3) == 0 ? Self.day(numbers.next(200)) : nil)
            }
            // As many as mirrored calendars hold: 24 months ahead.
            let busy = try (0..<360).map { _ in
                BusyTime(try Self.span(numbers.next(730), days: 1 + numbers.next(2), &numbers).period, source: .sync)
            }
            return GuidePicture(
                id: PersonID("per_\(1000 + index)"), name: "Guide \(1000 + index)", qualifications: held, busy: busy)
        }
        picture = StaffingPicture(guides: people, rules: StaffingRules(drives: DriveTimes([("River", "Wall", 90)])))
        let timing = TripTiming.multiDay(Self.first, startSecond: 28_800, days: 3, endSecond: 61_200)
        question = CrewQuestion(
            try Departure(timing, at: Place(name: "Wall", zone: Self.zone.id), in: Self.zone),
            needs: [
                CrewNeed(role: .lead, count: 2, qualifications: ["rock", "wfr", "raft"]),
                CrewNeed(role: .assist, count: 1),
            ])
    }

    static func season(guides: Int, trips: Int) throws -> (StaffingPicture, [OpenTrip]) {
        var numbers = BenchNumbers(state: 11)
        let people = try (0..<guides).map { index in
            let busy = try (0..<9).map { _ in
                BusyTime(try span(numbers.next(183), days: 1 + numbers.next(3), &numbers).period, source: .manual)
            }
            return GuidePicture(
                id: PersonID("per_\(100 + index)"), name: "Guide \(100 + index)",
                qualifications: [Qualification(kind: ["rock", "raft"][index % 2])], busy: busy)
        }
        let open = try (0..<trips).map { index in
            let span = try span(numbers.next(181), days: 1 + numbers.next(3), &numbers)
            let lead = CrewNeed(role: .lead, count: 1, qualifications: [["rock", "raft"][numbers.next(2)]])
            let needs = numbers.next(5) < 2 ? [lead, CrewNeed(role: .assist, count: 1)] : [lead]
            return OpenTrip(TripID("trp_\(1000 + index)"), span: span, needs: needs)
        }
        return (
            StaffingPicture(guides: people, rules: StaffingRules(drives: DriveTimes([("River", "Wall", 90)]))), open
        )
    }

    static func day(_ number: Int) -> CivilDate {
        // Year 2031 has every one of these days; the first is as good as any.
        CivilDate(year: 2031, month: 5, day: 1)?.adding(days: number) ?? first
    }

    private static func span(_ start: Int, days: Int, _ numbers: inout BenchNumbers) throws -> TripSpan {
        let timing = TripTiming.multiDay(day(start), startSecond: 28_800, days: days, endSecond: 61_200)
        return try TripSpan(timing, at: Place(name: numbers.next(2) == 0 ? "River" : "Wall", zone: zone.id), in: zone)
    }
}

/// The same months by looking at every row of every guide for every day, as a first version would.
struct PlainScan {
    private let service: BusyService

    init(_ service: BusyService) { self.service = service }

    func days() throws -> [CivilDate] {
        var found: [CivilDate] = []
        var day = BusyService.first
        while day <= BusyService.last {
            if let span = service.question.departure.moved(to: day)?.span, hasCrew(span) { found.append(day) }
            guard let next = day.adding(days: 1) else { break }
            day = next
        }
        return found
    }

    private func hasCrew(_ span: TripSpan) -> Bool {
        let free = service.picture.guides.filter { guide in
            !guide.busy.pieces.contains { $0.period.start < span.period.end && span.period.start < $0.period.end }
        }
        let leads = free.filter { guide in
            service.question.needs[0].qualifications.allSatisfy { kind in
                guide.qualifications.contains {
                    $0.kind == kind && $0.holds(from: span.firstDay, through: span.lastDay)
                }
            }
        }
        return leads.count >= 2 && free.count >= 3
    }
}

/// Numbers that a seed decides (an LCG's upper bits).
struct BenchNumbers {
    var state: UInt64

    mutating func next(_ below: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(below))
    }
}
