import CivilTime
import Testing

@testable import Web

@Suite("Weeks and months")
struct SpanTests {
    @Test(
        "dates fall into the ISO week that their Thursday is in",
        arguments: [
            (2031, 4, 2, "2031-W14"), (2026, 12, 31, "2026-W53"), (2027, 1, 3, "2026-W53"), (2027, 1, 4, "2027-W01"),
            (2024, 12, 30, "2025-W01"), (2000, 1, 1, "1999-W52"),
        ])
    func weekOf(year: Int, month: Int, day: Int, expected: String) throws {
        let date = try #require(CivilDate(year: year, month: month, day: day))
        #expect(WeekID(of: date)?.description == expected)
        #expect(WeekID(parsing: expected)?.days.contains(date) == true)
    }

    @Test(
        "refuses other spellings and weeks that a year does not have",
        arguments: [
            "2031-W54", "2027-W53", "2031-W00", "2031-w14", "2031-W1", "2031-W+1", "31-W14", "", "2031-W14-1",
            "-031-W14",
        ])
    func refusesWeek(text: String) { #expect(WeekID(parsing: text) == nil) }

    @Test("every week of 400 years is read back as written")
    func weekRoundTrip() throws {
        var week = try #require(WeekID(parsing: "1900-W01"))
        for _ in 0..<20_871 {
            #expect(WeekID(parsing: week.description) == week)
            week = try #require(week.moved(byWeeks: 1))
        }
        #expect(week.description == "2300-W01")
    }

    @Test("refuses what is no month", arguments: ["2031-13", "2031-00", "2031-4", "31-04", "2031-+4", "", "2031"])
    func refusesMonth(text: String) { #expect(MonthID(parsing: text) == nil) }

    @Test("a month is covered by whole weeks, and neighbours touch")
    func month() throws {
        let april = try #require(MonthID(parsing: "2031-04"))
        #expect(april.weeks.count == 5)
        #expect(april.weeks.allSatisfy { $0.count == 7 && $0[0].weekday == .monday })
        #expect(april.previous?.description == "2031-03")
        #expect(april.next?.previous == april)
        #expect(MonthID(parsing: "2031-12")?.next?.description == "2032-01")
    }
}

@Suite("Days as their clocks show them")
struct DayFrameTests {
    private func frame(_ zone: String, _ year: Int, _ month: Int, _ day: Int) throws -> DayFrame {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID(zone)))
        let date = try #require(CivilDate(year: year, month: month, day: day))
        return try #require(DayFrame(date, in: zone))
    }

    @Test(
        "days are as long as they were, and skip what they skipped",
        arguments: [
            ("Europe/Paris", 2026, 3, 29, 23 * 3600, [7200..<10_800]),
            ("Europe/Paris", 2026, 10, 25, 25 * 3600, []),
            ("Europe/Paris", 2026, 6, 1, 24 * 3600, []),
            // Half an hour.
            ("Australia/Lord_Howe", 2026, 10, 4, 23 * 3600 + 1800, [7200..<9000]),
            ("Australia/Lord_Howe", 2026, 4, 5, 24 * 3600 + 1800, []),
            // Clocks changed at midnight: the day began at 01:00.
            ("America/Havana", 2022, 3, 13, 23 * 3600, [0..<3600]),
            ("America/Havana", 2022, 11, 6, 25 * 3600, []),
            // Samoa crossed the date line: 30 December 2011 did not happen.
            ("Pacific/Apia", 2011, 12, 30, 0, [0..<86_400]),
        ] as [(String, Int, Int, Int, Int64, [Range<Int64>])])
    func lengths(zone: String, year: Int, month: Int, day: Int, length: Int64, skipped: [Range<Int64>]) throws {
        let frame = try frame(zone, year, month, day)
        #expect(frame.length == length)
        #expect(frame.skipped == skipped)
        #expect((frame.note == nil) == (length == 86_400))
    }

    @Test("a time in the repeated hour says which one it is")
    func fold() throws {
        let frame = try frame("Europe/Paris", 2026, 10, 25)
        let first = Instant(seconds: frame.start.seconds + 5 * 1800)  // 02:30, summer time
        let second = Instant(seconds: first.seconds + 3600)  // 02:30 again
        let layout = DayLayout(frame, [Occupied(span: .instants(first, second), kind: .busy)])
        // From 02:30 to 03:00, and from 02:00 to 02:30 once more.
        #expect(layout.blocks.map { [$0.from, $0.to] } == [[120, 150], [150, 180]])
        #expect(layout.blocks.allSatisfy { $0.times == "02:30 (UTC+2)–02:30 (UTC+1)" })
    }

    @Test("an event across the gap is as long as it lasts")
    func gap() throws {
        let frame = try frame("Europe/Paris", 2026, 3, 29)
        let start = Instant(seconds: frame.start.seconds + 3600)
        let layout = DayLayout(
            frame, [Occupied(span: .instants(start, Instant(seconds: start.seconds + 7200)), kind: .busy)])
        #expect(layout.blocks.map { [$0.from, $0.to] } == [[60, 120], [180, 240]])
        #expect(layout.blocks.first?.times == "01:00–04:00")
    }
}

@Suite("The layout of a day")
struct DayLayoutTests {
    private static let frame = DayFrame(
        CivilDate(year: 2031, month: 4, day: 2)!, in: ZoneDatabase.system.zone(ZoneID("Europe/Paris"))!)!

    private func block(_ from: Int64, _ to: Int64) -> Occupied {
        let start = Self.frame.start.seconds
        return Occupied(
            span: .instants(Instant(seconds: start + from * 60), Instant(seconds: start + to * 60)), kind: .busy)
    }

    @Test("events stand side by side only where they overlap")
    func lanes() {
        let layout = DayLayout(
            Self.frame, [block(540, 660), block(600, 630), block(640, 700), block(700, 720), block(800, 800)])
        #expect(
            layout.blocks.map { [$0.from, $0.lane, $0.lanes] } == [
                [540, 0, 2], [600, 1, 2], [640, 1, 2], [700, 0, 1], [800, 0, 1],
            ])
    }

    @Test("a long event keeps its width until others begin beside it, once its title was read")
    func spans() {
        // 08:00–12:30, 10:00–11:00 on top of it, and 10:15–10:30 beside that one.
        let late = DayLayout(Self.frame, [block(480, 750), block(600, 660), block(615, 630)])
        #expect(late.blocks.map { [$0.lane, $0.span, $0.lanes] } == [[0, 3, 3], [1, 1, 3], [2, 1, 3]])
        let early = DayLayout(Self.frame, [block(480, 750), block(500, 660)])
        #expect(early.blocks.map { [$0.lane, $0.span, $0.lanes] } == [[0, 1, 2], [1, 1, 2]])
        // The third takes the first place again, but does not cover the second.
        let under = DayLayout(Self.frame, [block(480, 540), block(500, 800), block(600, 700)])
        #expect(under.blocks.map { [$0.lane, $0.span, $0.lanes] } == [[0, 1, 2], [1, 1, 2], [0, 1, 2]])
    }

    @Test("no two blocks share a place, for any set of events up to the limit of lanes")
    func noOverlap() {
        var generator = SplitMix(seed: 7)
        for _ in 0..<300 {
            let items = (0..<12).map { _ -> Occupied in
                let from = Int64.random(in: 0..<1380, using: &generator)
                return block(from, from + Int64.random(in: 1...60, using: &generator))
            }
            let blocks = DayLayout(Self.frame, items).blocks
            for (index, left) in blocks.enumerated() {
                #expect(left.lane < left.lanes && left.from < left.to)
                for right in blocks[(index + 1)...]
                where left.from < right.to && right.from < left.to && left.lane == right.lane {
                    #expect(left.lane == DayLayout.laneLimit - 1)
                }
            }
        }
    }

    @Test(
        "what goes beyond the day says so",
        arguments: [
            (-60, 60, "until 01:00"), (1380, 1500, "from 23:00"), (-60, 1500, "all day"), (0, 1440, "all day"),
            (0, 60, "00:00–01:00"), (1380, 1440, "23:00–24:00"), (600, 600, "10:00"),
        ] as [(Int64, Int64, String)])
    func times(from: Int64, to: Int64, expected: String) {
        #expect(DayLayout(Self.frame, [block(from, to)]).blocks.map(\.times) == [expected])
    }

    @Test(
        "other days' events are not here",
        arguments: [(-120, 0), (1440, 1500), (-60, -60), (1440, 1440)] as [(Int64, Int64)])
    func outside(from: Int64, to: Int64) { #expect(DayLayout(Self.frame, [block(from, to)]).blocks.isEmpty) }
}

@Suite("What others see")
struct MergedBusyTests {
    @Test("agrees with asking each minute, and never shows how many overlap")
    func property() {
        var generator = SplitMix(seed: 3)
        for _ in 0..<300 {
            let items = (0..<Int.random(in: 0...9, using: &generator)).map { _ -> Occupied in
                let from = Int64.random(in: 0..<60, using: &generator)
                let kind: Occupied.Kind = [.busy, .tentative, .free].randomElement(using: &generator) ?? .busy
                return Occupied(
                    span: .instants(
                        Instant(seconds: from), Instant(seconds: from + Int64.random(in: 0...20, using: &generator))),
                    kind: kind, title: "secret")
            }
            let merged = MergedBusy.merge(items, days: [])
            for second in 0..<Int64(80) {
                #expect(Self.kinds(merged, at: second).first == Self.expected(items, at: second))
                #expect(Self.kinds(merged, at: second).count <= 1)
            }
            #expect(merged.allSatisfy { $0.title == nil && $0.calendar == nil && $0.hue == nil })
        }
    }

    private static func kinds(_ items: [Occupied], at second: Int64) -> [Occupied.Kind] {
        items.filter { item in
            guard case .instants(let start, let end) = item.span else { return false }
            return start.seconds <= second && second < end.seconds
        }.map(\.kind)
    }

    private static func expected(_ items: [Occupied], at second: Int64) -> Occupied.Kind? {
        let kinds = kinds(items, at: second)
        return kinds.contains(.busy) ? .busy : kinds.contains(.tentative) ? .tentative : nil
    }

    @Test("days join by day: busy wins over tentative")
    func days() throws {
        let first = try #require(CivilDate(year: 2031, month: 4, day: 1))
        let days = (0..<4).compactMap { first.adding(days: $0) }
        let merged = MergedBusy.merge(
            [
                Occupied(span: .dates(days[0], days[2]), kind: .tentative),
                Occupied(span: .dates(days[1], days[3]), kind: .busy),
            ], days: days)
        #expect(merged.map(\.kind) == [.tentative, .busy, .busy])
    }
}

/// A small generator with a seed, so that a failure can be run again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
