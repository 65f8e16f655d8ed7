import Availability
import CivilTime
import Testing

@Suite("Weekly open hours")
struct WeeklyHoursTests {
    /// 2031-03-30 and 2031-10-26 are the nights of the change in Paris.
    @Test(
        "stand on the wall of their zone, through both changes of the clocks",
        arguments: [
            // An ordinary Monday; the Sunday before it is already summer time.
            (Weekday.monday, 540, 1020, "2031-03-31", ["2031-03-31T07:00:00Z/2031-03-31T15:00:00Z"]),
            (.friday, 540, 1020, "2031-03-28", ["2031-03-28T08:00:00Z/2031-03-28T16:00:00Z"]),
            // 02:00 to 03:00 does not exist that night.
            (.sunday, 120, 180, "2031-03-30", []),
            (.sunday, 60, 150, "2031-03-30", ["2031-03-30T00:00:00Z/2031-03-30T01:00:00Z"]),
            (.sunday, 150, 240, "2031-03-30", ["2031-03-30T01:00:00Z/2031-03-30T02:00:00Z"]),
            // 02:00 to 03:00 happens twice.
            (.sunday, 120, 180, "2031-10-26", ["2031-10-26T00:00:00Z/2031-10-26T02:00:00Z"]),
            (
                .sunday, 150, 165, "2031-10-26",
                ["2031-10-26T00:30:00Z/2031-10-26T00:45:00Z", "2031-10-26T01:30:00Z/2031-10-26T01:45:00Z"]
            ),
            // The whole day is 23 and 25 hours long.
            (.sunday, 0, 1440, "2031-03-30", ["2031-03-29T23:00:00Z/2031-03-30T22:00:00Z"]),
            (.sunday, 0, 1440, "2031-10-26", ["2031-10-25T22:00:00Z/2031-10-26T23:00:00Z"]),
        ] as [(Weekday, Int, Int, String, [String])])
    func walls(day: Weekday, start: Int, end: Int, date: String, expected: [String]) throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID("Europe/Paris")))
        let span = try #require(WeeklyHours.Span(day: day, start: start, end: end))
        let civil = try #require(CivilDate(extended: date))
        let (from, to) = (
            zone.instant(of: civil.midnight), zone.instant(of: try #require(civil.adding(days: 1)).midnight)
        )
        let window = try #require(Period(from: from, to: to))
        let found = WeeklyHours(zone: zone, spans: [span]).periods(in: window).united
        #expect(found.map { "\($0.start)/\($0.end)" } == expected)
    }

    @Test("a span is within one day, and not empty")
    func spans() {
        #expect(WeeklyHours.Span(day: .monday, start: 0, end: 1440) != nil)
        for (start, end) in [(-1, 5), (5, 5), (6, 5), (0, 1441)] {
            #expect(WeeklyHours.Span(day: .monday, start: start, end: end) == nil)
        }
    }

    @Test("united and common parts of periods agree with asking every second")
    func sets() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let (one, two) = (Self.periods(&random), Self.periods(&random))
            let (left, right) = (one.united, two.united)
            let both = left.intersection(right)
            for second in Int64(0)...60 {
                let at = Instant(seconds: second)
                func holds(_ periods: [Period]) -> Bool { periods.contains { $0.start <= at && at < $0.end } }
                #expect(holds(left) == holds(one))
                #expect(holds(both) == (holds(one) && holds(two)))
            }
            #expect(zip(left, left.dropFirst()).allSatisfy { $0.end < $1.start })
        }
    }

    private static func periods(_ random: inout SystemRandomNumberGenerator) -> [Period] {
        (0..<Int.random(in: 0...5, using: &random)).compactMap { _ in
            let start = Int64.random(in: 0...50, using: &random)
            let end = start + Int64.random(in: 1...10, using: &random)
            return Period(from: Instant(seconds: start), to: Instant(seconds: end))
        }
    }
}

@Suite("Limits on events in a day or a week")
struct EventLimitTests {
    /// 2031-03-28 is a Friday; Paris changes its clocks on Sunday the 30th.
    @Test(
        "close the days and weeks that have their fill, on the wall of their zone",
        arguments: [
            (EventLimit.Span.day, 2, ["2031-03-28T23:00:00Z 2031-03-29T23:00:00Z"]),
            (.day, 3, []), (.week, 3, ["2031-03-23T23:00:00Z 2031-03-30T22:00:00Z"]),
            (.week, 4, []),
        ])
    func full(span: EventLimit.Span, limit: Int, expected: [String]) throws {
        let paris = try #require(ZoneDatabase.system.zone(ZoneID("Europe/Paris")))
        // Friday 23:30 in UTC is Saturday in Paris, and Saturday 23:30 is Sunday.
        let midnight = Int64(try #require(CivilDate(year: 2031, month: 3, day: 28)).dayNumber) * 86_400
        let starts = [84_600, 86_400 + 43_200, 86_400 + 84_600].map { midnight + $0 as Int64 }
        let found = EventLimit(span: span, limit: limit).full(starts: starts, ownZone: paris)
        #expect(found.map { "\($0.start) \($0.end)" } == expected)
        let given = EventLimit(span: span, limit: limit, zone: paris).full(starts: starts, ownZone: .utc)
        #expect(given == found)
    }

    @Test("what is left of periods without others is in the first and not in the second")
    func subtraction() throws {
        var random = Generator(state: 77)
        for _ in 0..<2_000 {
            func periods() -> [Period] {
                (0..<random.below(5)).compactMap { _ in
                    let start = random.below(40)
                    return Period(
                        from: Instant(seconds: Int64(start)), to: Instant(seconds: Int64(start + 1 + random.below(9))))
                }.united
            }
            let (left, right) = (periods(), periods())
            let rest = left.subtracting(right)
            #expect(rest == rest.united)
            for second in 0..<50 as Range<Int64> {
                func holds(_ periods: [Period]) -> Bool {
                    periods.contains { $0.start.seconds <= second && second < $0.end.seconds }
                }
                #expect(holds(rest) == (holds(left) && !holds(right)))
            }
        }
    }
}
