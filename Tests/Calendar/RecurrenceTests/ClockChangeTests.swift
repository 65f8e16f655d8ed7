import CivilTime
import Recurrence
import Testing

@Suite("Daily rules over clock changes (RFC 5545 §3.3.5)")
struct ClockChangeTests {
    /// Zone, start the day before a change, and the instants of that day, the day of the change and the next: a wall
    /// time that is skipped has the offset before the gap, one that comes twice is the first.
    @Test(
        "a skipped wall time keeps the earlier offset, a repeated one is the first",
        arguments: [
            // Clocks go forward.
            ("America/New_York", "20250308T023000", "0308T07:30 0309T07:30 0310T06:30"),
            ("Europe/Paris", "20250329T023000", "0329T01:30 0330T01:30 0331T00:30"),
            ("Europe/London", "20250329T013000", "0329T01:30 0330T01:30 0331T00:30"),
            ("Australia/Sydney", "20251004T023000", "1003T16:30 1004T16:30 1005T15:30"),
            ("Australia/Lord_Howe", "20251004T021500", "1003T15:45 1004T15:45 1005T15:15"),
            ("America/Santiago", "20250906T003000", "0906T04:30 0907T04:30 0908T03:30"),
            // Clocks go back.
            ("America/New_York", "20251101T013000", "1101T05:30 1102T05:30 1103T06:30"),
            ("Europe/Paris", "20251025T023000", "1025T00:30 1026T00:30 1027T01:30"),
            ("Europe/London", "20251025T013000", "1025T00:30 1026T00:30 1027T01:30"),
            ("Australia/Sydney", "20250405T023000", "0404T15:30 0405T15:30 0406T16:30"),
            ("Australia/Lord_Howe", "20250405T014500", "0404T14:45 0405T14:45 0406T15:15"),
            ("America/Santiago", "20250404T233000", "0405T02:30 0406T02:30 0407T03:30"),
        ])
    func change(name: String, start: String, expected: String) throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID(name)))
        let time = try #require(
            CivilDate(compact: start.prefix(8)).flatMap { CivilDateTime(date: $0, compact: start.suffix(6)) })
        let set = RecurrenceSet(
            start: .local(time, zone), rules: [try RecurrenceRule(parsing: "FREQ=DAILY;COUNT=3")])
        let starts = try set.starts(from: Instant(seconds: 0), until: Instant(seconds: 4_000_000_000))
        let shown = starts.map { start in
            let text = start.instant.description.dropFirst(5).filter { $0 != "-" }
            return String(text.prefix(10))
        }
        #expect(shown.joined(separator: " ") == expected)
    }

    /// Paris leaves out 02:00 to 03:00 on 30 March 2025 (01:00 UTC) and shows it twice on 26 October (until 01:00 UTC).
    @Test(
        "UNTIL in UTC bounds instants, not what the clock shows",
        arguments: [
            (
                "20250330T010000", "FREQ=MINUTELY;INTERVAL=15;BYHOUR=1,2,3", "20250330T011500Z",
                "00:00 00:15 00:30 00:45 01:00 01:15"
            ),
            ("20250330T023000", "FREQ=HOURLY", "20250330T011500Z", "01:30"),
            // Never shown, it means 03:30; what was shown from 03:00 on came before it.
            ("20250330T023000", "FREQ=MINUTELY;INTERVAL=15", "20250330T021500Z", "01:30 01:45 02:00 02:15"),
            ("20250330T010000", "FREQ=MINUTELY;INTERVAL=90", "20250330T011500Z", "00:00"),
            ("20251026T013000", "FREQ=MINUTELY;INTERVAL=15", "20251026T003000Z", "23:30 23:45 00:00 00:15 00:30"),
            ("20251026T013000", "FREQ=MINUTELY;INTERVAL=15", "20251026T010500Z", "23:30 23:45 00:00 00:15 00:30 00:45"),
            ("20251026T024500", "FREQ=HOURLY", "20251026T010500Z", "00:45"),
        ])
    func until(start: String, rule: String, end: String, expected: String) throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID("Europe/Paris")))
        let time = try #require(
            CivilDate(compact: start.prefix(8)).flatMap { CivilDateTime(date: $0, compact: start.suffix(6)) })
        let set = RecurrenceSet(
            start: .local(time, zone), rules: [try RecurrenceRule(parsing: rule + ";UNTIL=" + end)])
        let starts = try set.starts(from: Instant(seconds: 0), until: Instant(seconds: 4_000_000_000))
        #expect(starts.map { $0.instant.description.dropFirst(11).prefix(5) }.joined(separator: " ") == expected)
    }
}
