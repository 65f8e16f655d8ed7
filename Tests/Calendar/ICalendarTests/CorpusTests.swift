import CivilTime
import Foundation
import ICalendar
import Testing

/// Public calendar files with what they are read as. Where the table is wrong, or a file was added, the test writes the
/// table as it would be to the temporary folder, to be looked at and taken over.
@Suite("The public corpus")
struct CorpusTests {
    @Test("every file is read with the diagnostics that the table states")
    func table() throws {
        let expected = try String(
            contentsOf: Corpus.folder.appendingPathComponent("collective-icalendar.txt"), encoding: .utf8)
        let files = try Corpus.files()
        let found = files.map { Corpus.report(name: $0, bytes: $1) }.joined()
        #expect(files.count > 180)
        if found != expected {
            let path = NSTemporaryDirectory() + "collective-icalendar.txt"
            try found.write(toFile: path, atomically: true, encoding: .utf8)
            Issue.record("the table differs; as found: \(path)")
        }
    }

    @Test("every file that is a calendar is written and read again as equal, whole or in pieces of any size")
    func roundTrip() throws {
        var random = SplitMix(seed: 3)
        for (name, bytes) in try Corpus.files() {
            guard let document = try? ICalendarDocument(reading: bytes) else { continue }
            let again = try ICalendarDocument(reading: document.icalendarText)
            #expect(again.calendars == document.calendars, "\(name)")
            // What was written needs no repair of lines.
            #expect(!again.diagnostics.contains { $0.severity != .warning }, "\(name)")
            #expect(try Pieces.read(bytes, &random) == document, "\(name), in pieces")
        }
    }
}

enum Corpus {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Corpus")

    static func files() throws -> [(String, [UInt8])] {
        let calendars = folder.appendingPathComponent("collective-icalendar")
        return try FileManager.default.contentsOfDirectory(atPath: calendars.path).filter { $0.hasSuffix(".ics") }
            .sorted().map { ($0, [UInt8](try Data(contentsOf: calendars.appendingPathComponent($0)))) }
    }

    /// What a file is read as: how many of each component stand in its calendars, what was set aside, each diagnostic.
    static func report(name: String, bytes: [UInt8]) -> String {
        do {
            let document = try ICalendarDocument(reading: bytes)
            let (series, diagnostics) = document.reading(zones: .system)
            let children = Dictionary(grouping: document.calendars.flatMap(\.components), by: \.name)
            let counts = children.map { "\($0.value.count) \($0.key)" }.sorted().joined(separator: ", ")
            let aside = series.count { if case .setAside = $0 { true } else { false } }
            let head =
                "\(name): \(document.calendars.count) VCALENDAR" + (counts.isEmpty ? "" : ", ") + counts
                + "; \(series.count) series, \(aside) set aside" + (document.isTruncated ? "; truncated" : "")
            return ([head] + (document.diagnostics + diagnostics).map { "    \($0)" }).joined(separator: "\n") + "\n"
        } catch { return "\(name): \(error)\n" }
    }
}

/// A document read by the stream, in pieces of random sizes.
enum Pieces {
    static func read(_ bytes: [UInt8], _ random: inout SplitMix) throws(ICalendarReadError) -> ICalendarDocument {
        var stream = ICalendarStream()
        var (calendars, children) = ([Component](), [Component]())
        func take(_ items: [ICalendarStream.Item]) {
            for item in items {
                switch item {
                case .component(let component): children.append(component)
                case .calendar(let calendar):
                    var whole = calendar
                    (whole.components, children) = (children, [])
                    calendars.append(whole)
                }
            }
        }
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + 1 + Int(random.next() % 300))
            take(try stream.read(Array(bytes[start..<end])))
            start = end
        }
        take(try stream.finish())
        return ICalendarDocument(
            calendars: calendars, diagnostics: stream.diagnostics, isTruncated: stream.isTruncated)
    }
}
