import CivilTime
import Foundation
import ICalendar
import Recurrence
import Testing

/// A calendar around `body`, whose lines may end in any way.
func calendar(_ body: String) -> String { "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\(body)\r\nEND:VCALENDAR\r\n" }

func event(_ lines: String, uid: String = "one") -> String {
    "BEGIN:VEVENT\r\nUID:\(uid)\r\n\(lines)\r\nEND:VEVENT"
}

/// The one series of `text`, or why it was set aside.
func oneSeries(_ text: String) throws -> SeriesResult {
    let results = try ICalendarDocument(reading: text).series(zones: .system)
    return try #require(results.first)
}

@Suite("Reading iCalendar (RFC 5545 §3.1)")
struct ReadingTests {
    @Test("takes any line end, folds inside characters, and a byte order mark", arguments: ["\r\n", "\n", "\r"])
    func lineEnds(end: String) throws {
        let bytes: [UInt8] =
            [0xef, 0xbb, 0xbf] + Array("BEGIN:VCALENDAR\(end)BEGIN:VEVENT\(end)SUMMARY:Caf".utf8)
            + [0xc3] + Array("\(end) ".utf8) + [0xa9] + Array("\(end)END:VEVENT\(end)END:VCALENDAR".utf8)
        let document = try ICalendarDocument(reading: bytes)
        #expect(document.calendars[0].components[0].first("SUMMARY")?.text == "Café")
    }

    @Test("tells a truncated file and a web page from an empty calendar")
    func truncated() throws {
        let cut = try ICalendarDocument(reading: "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n")
        #expect(cut.isTruncated && cut.calendars[0].components[0].first("UID")?.value == "a")
        #expect(throws: ICalendarReadError.notACalendar) { try ICalendarDocument(reading: "<html></html>") }
        #expect(try ICalendarDocument(reading: calendar("X:1")).series(zones: .system).isEmpty)
    }

    @Test("keeps damage inside its component")
    func damage() throws {
        let text = calendar(
            event("DTSTART:20310405T060708Z") + "\nBEGIN:VEVENT\nUID:two\nDTSTART:nonsense\n"
                + event("DTSTART;VALUE=DATE:20310406", uid: "three"))
        let results = try ICalendarDocument(reading: text).series(zones: .system)
        #expect(results.map(\.uid) == ["one", "two", "three"])
        #expect(results[1] == .setAside(uid: "two", reason: "DTSTART 'nonsense' is no date or time"))
    }

    @Test("text cannot add lines, properties or parameters")
    func injection() throws {
        let hostile = "a\r\nATTENDEE:mailto:x@example.com\nb;c,d\\e\"\u{0}"
        var component = Component("VEVENT", properties: [Property("SUMMARY", text: hostile)])
        component.properties.append(Property("X", "v", parameters: [.init("CN", ["\"\r\nEND:VEVENT\r\n;:,^"])]))
        component.properties.append(Property("URL", "http://x/\r\nATTENDEE:y"))
        var outer = Component("VCALENDAR")
        outer.components = [component]
        let read = try ICalendarDocument(reading: outer.icalendarText).calendars[0].components[0]
        #expect(read.properties.map(\.name) == ["SUMMARY", "X", "URL"])
        #expect(read.first("SUMMARY")?.text == "a\nATTENDEE:mailto:x@example.com\nb;c,d\\e\"")
        #expect(outer.icalendarText.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 75 })
    }

    @Test("no mutation of a real file ends the process")
    func mutations() throws {
        var random = SplitMix(seed: 5)
        let seeds =
            try Corpus.files().map(\.1) + [Array(calendar(event("DTSTART:20310405T060708Z\r\nRRULE:FREQ=DAILY")).utf8)]
        let rounds = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 2_000 : 200_000
        let window = try #require(Period(from: Instant(seconds: 1_900_000_000), to: Instant(seconds: 1_905_000_000)))
        for _ in 0..<rounds {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            guard bytes.count < 20_000 else { continue }
            for _ in 0..<(1 + random.next() % 8) where !bytes.isEmpty {
                let at = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: at)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
                }
            }
            guard let document = try? ICalendarDocument(reading: bytes) else { continue }
            for case .series(let series) in document.series(zones: .system) {
                var limits = ExpansionLimits()
                limits.candidates = 5_000
                _ = series.occurrences(in: window, zone: .utc, zones: .system, limits: limits)
            }
        }
    }
}

/// A small generator of reproducible random numbers (Steele, Lea, Flood: SplitMix64).
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
