import Foundation
import FuzzTargets
import Testing

/// What `Scripts/fuzz` found is kept under Tests/Calendar/Corpus/fuzz and must stay well.
@Suite("What fuzzing found")
struct ReplayTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Corpus")

    @Test("stays well", arguments: ["ics", "vtimezone", "rrule", "tzif"])
    func replay(name: String) throws {
        let target = try #require(FuzzTargets.named(name))
        let folder = Self.corpus.appendingPathComponent("fuzz/\(name)")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(file)))
            #expect(throws: Never.self, "\(file)") { try target.check(bytes) }
        }
    }

    @Test("every public calendar passes what the fuzzer checks")
    func calendars() throws {
        let folder = Self.corpus.appendingPathComponent("collective-icalendar")
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(file)))
            #expect(throws: Never.self, "\(file)") { try CalendarTarget.check(bytes) }
        }
    }

    @Test("a fault is told")
    func control() { #expect(throws: FuzzFinding.self) { try ControlTarget.check(Array("BAD".utf8)) } }
}
