import CivilTime
import StorageKit
import Support
import Testing
import Trips

@testable import Integrations

/// One row of the published table: a mode, a question and what is known, and what is done. `ask/x` asks, and does `x`
/// where no answer comes in time.
private let policyTable = """
    mirror browse none  up   busy
    mirror browse none  away busy
    mirror browse none  cut  busy
    mirror browse fresh up   rows
    mirror browse fresh away rows
    mirror browse fresh cut  rows
    mirror browse stale up   rows
    mirror browse stale away rows
    mirror browse stale cut  rows
    mirror browse old   up   rows
    mirror browse old   away rows
    mirror browse old   cut  rows
    mirror hold   none  up   busy
    mirror hold   none  away busy
    mirror hold   none  cut  busy
    mirror hold   fresh up   rows
    mirror hold   fresh away rows
    mirror hold   fresh cut  rows
    mirror hold   stale up   rows
    mirror hold   stale away rows
    mirror hold   stale cut  busy
    mirror hold   old   up   busy
    mirror hold   old   away busy
    mirror hold   old   cut  busy
    mirror commit none  up   busy
    mirror commit none  away busy
    mirror commit none  cut  busy
    mirror commit fresh up   rows
    mirror commit fresh away rows
    mirror commit fresh cut  busy
    mirror commit stale up   busy
    mirror commit stale away busy
    mirror commit stale cut  busy
    mirror commit old   up   busy
    mirror commit old   away busy
    mirror commit old   cut  busy
    live   browse none  up   ask/busy
    live   browse none  away busy
    live   browse none  cut  busy
    live   browse fresh up   ask/busy
    live   browse fresh away busy
    live   browse fresh cut  busy
    live   browse stale up   ask/busy
    live   browse stale away busy
    live   browse stale cut  busy
    live   browse old   up   ask/busy
    live   browse old   away busy
    live   browse old   cut  busy
    live   hold   none  up   ask/busy
    live   hold   none  away busy
    live   hold   none  cut  busy
    live   hold   fresh up   ask/busy
    live   hold   fresh away busy
    live   hold   fresh cut  busy
    live   hold   stale up   ask/busy
    live   hold   stale away busy
    live   hold   stale cut  busy
    live   hold   old   up   ask/busy
    live   hold   old   away busy
    live   hold   old   cut  busy
    live   commit none  up   ask/busy
    live   commit none  away busy
    live   commit none  cut  busy
    live   commit fresh up   ask/busy
    live   commit fresh away busy
    live   commit fresh cut  busy
    live   commit stale up   ask/busy
    live   commit stale away busy
    live   commit stale cut  busy
    live   commit old   up   ask/busy
    live   commit old   away busy
    live   commit old   cut  busy
    hybrid browse none  up   ask/busy
    hybrid browse none  away busy
    hybrid browse none  cut  busy
    hybrid browse fresh up   rows
    hybrid browse fresh away rows
    hybrid browse fresh cut  rows
    hybrid browse stale up   rows
    hybrid browse stale away rows
    hybrid browse stale cut  rows
    hybrid browse old   up   rows
    hybrid browse old   away rows
    hybrid browse old   cut  rows
    hybrid hold   none  up   ask/busy
    hybrid hold   none  away busy
    hybrid hold   none  cut  busy
    hybrid hold   fresh up   rows
    hybrid hold   fresh away rows
    hybrid hold   fresh cut  rows
    hybrid hold   stale up   ask/rows
    hybrid hold   stale away rows
    hybrid hold   stale cut  busy
    hybrid hold   old   up   ask/busy
    hybrid hold   old   away busy
    hybrid hold   old   cut  busy
    hybrid commit none  up   ask/busy
    hybrid commit none  away busy
    hybrid commit none  cut  busy
    hybrid commit fresh up   ask/rows
    hybrid commit fresh away rows
    hybrid commit fresh cut  busy
    hybrid commit stale up   ask/rows
    hybrid commit stale away rows
    hybrid commit stale cut  busy
    hybrid commit old   up   ask/busy
    hybrid commit old   away busy
    hybrid commit old   cut  busy
    """.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }

extension FreshnessPolicy.Decision {
    fileprivate var word: String {
        switch self {
        case .rows: "rows"
        case .busy: "busy"
        case .ask(_, otherwise: .rows): "ask/rows"
        case .ask(_, otherwise: .busy): "ask/busy"
        }
    }
}

@Suite("When a guide is busy, and how sure that is")
struct GuideTimeTests {
    @Test("the freshness policy is the published table", arguments: policyTable)
    func policy(_ row: [String]) throws {
        let decision = FreshnessPolicy.decide(
            try #require(CalendarMode(rawValue: row[0])), try #require(TimeQuestion(rawValue: row[1])),
            try #require(RowAge(rawValue: row[2])), try #require(BackendReach(rawValue: row[3])))
        #expect(decision.word == row[4])
    }

    @Test("the table has every cell once, and a page that shows it would see the same")
    func whole() {
        let cells: [String] = policyTable.map { row in row.prefix(4).joined(separator: " ") }
        #expect(Set(cells).count == 108)
    }

    @Test(
        "ages",
        arguments: zip(
            [nil, 0, 900, 901, 172_800, 172_801, -5] as [Int64?],
            [RowAge.none, .fresh, .fresh, .stale, .stale, .old, .fresh]))
    func ages(seconds: Int64?, age: RowAge) { #expect(RowAge(seconds: seconds) == age) }

    @Test("assignment, then manual, then the calendar, then the season, then available: as counting each hour says")
    func precedence() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var claims: [TimeClaim] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let start = Int64.random(in: 0..<48, using: &random)
                let end = start + Int64.random(in: 1...12, using: &random)
                let source = try #require(TimeClaim.Source.allCases.randomElement(using: &random))
                let isAvailable = source == .manual && Bool.random(using: &random)
                let period = try #require(Period(from: Instant(seconds: start), to: Instant(seconds: end)))
                claims.append(
                    TimeClaim(
                        period: period, source: source, isAvailable: isAvailable,
                        isTentative: !isAvailable && Bool.random(using: &random), reason: .manual))
            }
            let window = try #require(Period(from: Instant(seconds: 5), to: Instant(seconds: 45)))
            let spans = BusyTimeline.busy(claims, in: window)
            for second in Int64(5)..<45 {
                let here = claims.filter { $0.period.start.seconds <= second && second < $0.period.end.seconds }
                let first = here.map(\.source).min()
                let loud = here.filter { $0.source == first }
                let found = spans.filter { $0.period.start.seconds <= second && second < $0.period.end.seconds }
                let isBusy = loud.contains { !$0.isAvailable }
                let isHard = loud.contains { claim in !claim.isAvailable && !claim.isTentative }
                #expect(found.count == (isBusy ? 1 : 0))
                guard let span = found.first else { continue }
                #expect(span.source == first)
                #expect(span.isTentative != isHard)
            }
            #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.period.end <= $1.period.start })
            #expect(BusyTimeline.busy(claims.shuffled(), in: window) == spans)
        }
    }

    @Test("a guide who linked nothing is available unless a row says otherwise")
    func unlinked() async throws {
        let world = try await GuideWorld()
        try await world.addGuide(1)
        try await world.addRow(1, source: "manual", from: world.instant(2), to: world.instant(3))
        for question in TimeQuestion.allCases {
            let answer = try await world.busy(1, question)
            #expect(answer.standing.source == .nothingLinked)
            #expect(answer.busy.map(\.period) == [try world.period(2, 3)])
        }
        await world.close()
    }

    @Test("a manual row opens what a calendar blocks; a season closes what no row opens")
    func manual() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        world.platform.put(1, "evt_1", world.at(2), world.at(6))
        try await world.settle()
        try await world.addRow(1, source: "manual", from: world.instant(3), to: world.instant(4), available: true)
        #expect(try await world.busy(1).busy.map(\.period) == [try world.period(2, 3), try world.period(4, 6)])
        let today = world.clock.start / 86_400
        try await world.database.write {
            try $0.execute(
                "INSERT INTO seasons (person_id, first_day, last_day, is_available) VALUES ('per_1', ?, ?, 0)",
                [.integer(today - 10), .integer(today + 100)])
        }
        #expect(try await world.busy(1).busy.map(\.period.end).contains(world.instant(3)))
        #expect(try await world.busy(1).busy.map(\.reason).contains(.season))
        #expect(try await world.busy(1, from: 3, to: 4).busy.isEmpty)
        await world.close()
    }

    @Test("a commitment in hybrid mode sees what browsing does not know yet")
    func commit() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        try await world.settle()
        world.platform.put(1, "evt_new", world.at(2), world.at(3))
        #expect(try await world.busy(1, .browse).busy.isEmpty)
        let answer = try await world.busy(1, .commit)
        #expect(answer.busy.map(\.period) == [try world.period(2, 3)])
        #expect(answer.standing == .init(source: .live, asOf: world.clock.now))
        await world.close()
    }

    @Test("a platform that is slow keeps nobody longer than the question allows")
    func slow() async throws {
        let world = try await GuideWorld(mode: .live)
        for number in 1...20 { try await world.addLinkedGuide(number) }
        try await world.settle()
        world.platform.with { $0.isStalled = true }
        let clock = ContinuousClock()
        let began = clock.now
        let answers = try await world.time.busy(
            (1...20).map(world.guide), in: world.period(0, 5), for: .browse, service: GuideWorld.service)
        #expect(clock.now - began < .seconds(4))
        #expect(answers.allSatisfy { $0.standing.source == .doubt && $0.busy.first?.reason == .unreadable })
        // And the next one does not wait at all.
        let again = clock.now
        _ = try await world.busy(1)
        #expect(clock.now - again < .milliseconds(500))
        await world.close()
    }

    @Test("what a service sees: its rule, or what the row says; of other services' trips that the guide is busy")
    func shares() async throws {
        let world = try await GuideWorld()
        let other = ServiceID("svc_2")
        try await world.addService(other)
        try await world.addGuide(1)
        try await world.addGuide(1, to: other)
        try await world.addRow(
            1, source: "manual", from: world.instant(1), to: world.instant(2), visibility: "detail", note: "Dentist")
        try await world.addRow(
            1, source: "manual", from: world.instant(3), to: world.instant(4), visibility: "private", note: "Secret")
        try await world.addRow(
            1, source: "assignment", from: world.instant(5), to: world.instant(6), service: other.value, trip: "trp_x",
            visibility: "detail")
        let answer = try await world.busy(1)
        #expect(answer.busy.map(\.reason) == [.manual, nil, .trip])
        let own = try world.own(1)
        try await world.database.write {
            try Shares.set(.private, of: .manual, for: GuideWorld.service, own, in: $0)
        }
        // A rule holds for rows to come, and hides no time.
        try await world.addRow(1, source: "manual", from: world.instant(8), to: world.instant(9), visibility: "detail")
        #expect(try await world.busy(1).busy.map(\.reason) == [nil, nil, .trip, nil])
        #expect(try await world.busy(1, service: other).busy.map(\.reason) == [.manual, nil, .trip, .manual])
        try await world.database.write {
            try Shares.set(nil, of: .manual, for: GuideWorld.service, own, in: $0)
        }
        #expect(try await world.busy(1).busy.map(\.reason) == [.manual, nil, .trip, .manual])
        await world.close()
    }

    @Test("tentative events block as the service's policy says")
    func tentative() async throws {
        let world = try await GuideWorld()
        try await world.addLinkedGuide(1)
        world.platform.put(1, "evt_1", world.at(2), world.at(3), status: "tentative")
        try await world.settle()
        #expect(try await world.busy(1).busy.map(\.isTentative) == [true])
        try await world.database.write { try $0.execute("UPDATE guide_services SET tentative_blocks = 0") }
        for question in TimeQuestion.allCases { #expect(try await world.busy(1, question).busy.isEmpty) }
        await world.close()
    }
}
