import CivilTime
import Foundation
import Recurrence
import Testing

/// One example of RFC 5545 §3.8.5.3, read from the table in Tests/Calendar/Corpus/rfc5545-recurrence.txt.
struct RFCExample: Sendable, CustomTestStringConvertible {
    let title: String
    let start: CivilDateTime
    let rule: String
    let exception: CivilDateTime?
    /// `19970902T0900`
    let expected: [String]

    var testDescription: String { title }
    /// Rules without an end go on after what the RFC lists.
    var isWhole: Bool { rule.contains("COUNT=") || rule.contains("UNTIL=") }

    static let all: [RFCExample] = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Corpus/rfc5545-recurrence.txt")
        // Without the table there are no examples, which a test of their number sees.
        let lines = ((try? String(contentsOf: path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
        return zip(lines, lines.dropFirst()).compactMap { title, line in
            let fields = line.components(separatedBy: " | ")
            guard title.hasPrefix("# "), fields.count == 4, let start = time(fields[0]) else { return nil }
            return RFCExample(
                title: String(title.dropFirst(2)), start: start, rule: fields[1], exception: time(fields[2]),
                expected: fields[3].split(separator: " ").map { $0.contains("T") ? String($0) : "\($0)T0900" })
        }
    }()

    private static func time(_ text: String) -> CivilDateTime? {
        CivilDate(compact: text.prefix(8)).flatMap { CivilDateTime(date: $0, compact: text.suffix(6)) }
    }
}

@Suite("Every example of RFC 5545 §3.8.5.3")
struct RFCExampleTests {
    @Test("names the times that the RFC lists", arguments: RFCExample.all)
    func example(_ example: RFCExample) throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID("America/New_York")))
        let set = RecurrenceSet(
            start: .local(example.start, zone), rules: [try RecurrenceRule(parsing: example.rule)],
            exceptions: example.exception.map { [.local($0, zone)] } ?? [])
        // To the end of 2010, beyond the last of every rule that ends; a day beyond what is listed of those that go on.
        let last = try #require(example.expected.last.flatMap { CivilDate(compact: $0.prefix(8)) })
        let until = example.isWhole ? 1_293_840_000 : (Int64(last.dayNumber) + 2) * 86_400
        let starts = try set.starts(from: Instant(seconds: 0), until: Instant(seconds: until))
        let named = starts.map { start in
            let text = zone.civil(at: start.instant).description.filter { $0 != "-" && $0 != ":" }
            return String(text.prefix(13))
        }
        #expect(
            example.isWhole
                ? named == example.expected : Array(named.prefix(example.expected.count)) == example.expected)
    }

    @Test("the table is whole, and a time more or less would be seen")
    func table() throws {
        #expect(RFCExample.all.count == 42)
        let short = try #require(RFCExample.all.first)
        #expect(short.isWhole && short.expected.count == 10 && short.expected != Array(short.expected.dropLast()))
    }
}
