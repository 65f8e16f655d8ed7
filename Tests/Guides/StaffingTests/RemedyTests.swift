import CivilTime
import Foundation
import Staffing
import Testing
import Trips

@Suite("Every reason has a documented remedy")
struct RemedyTests {
    private static let period = Sample.busy(Sample.at(1, 8), Sample.at(1, 9)).period

    /// One of each.
    private static let all: [Obstacle] = [
        .notMember, .roleNotTaken(.lead), .alreadyOnTrip("trp_1"), .outOfSeason(period), .lacksQualification("wfr"),
        .qualificationBegins("wfr", on: Sample.day(2), day: 2), .qualificationEnds("wfr", on: Sample.day(2), day: 2),
        .onTrip("trp_1", period), .turnaround("trp_1", minutes: 30, needed: 60),
        .drive("trp_1", minutes: 60, needed: 150), .restDays("trp_1", days: 1, needed: 2),
    ]

    /// Of busy time one of each kind, as the function makes them.
    private static func busy() throws -> [Obstacle] {
        let rows: [(GuideAvailability.Source, Bool, GuideAvailability.Visibility)] = [
            (.sync, false, .private), (.assignment, false, .detail), (.manual, false, .busy), (.sync, false, .busy),
            (.sync, true, .busy),
        ]
        let span = try Sample.trip(1)
        return rows.flatMap { source, tentative, visibility in
            let row = Sample.busy(Sample.at(1, 9), Sample.at(1, 10), source, tentative: tentative, visibility)
            return GuidePicture(id: "per_1", name: "Ann", busy: [row]).obstacles(
                to: span, filling: Sample.lead, under: StaffingRules())
        }
    }

    @Test("code, sentence and remedy, as docs/staffing.md has them")
    func documented() throws {
        let obstacles = try Self.all + Self.busy()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/staffing.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == obstacles.count + 1 && Set(obstacles.map(\.code)).count == obstacles.count)
        for obstacle in obstacles {
            let remedy = obstacle.remedy.replacingOccurrences(of: "'lead'", with: "'ROLE'")
                .replacingOccurrences(of: "wfr", with: "KIND")
            #expect(
                rows.contains { $0.hasPrefix("| `\(obstacle.code)` |") && $0.hasSuffix("| \(remedy) |") },
                "\(obstacle.code): \(remedy)")
            #expect(!obstacle.sentence(in: Sample.zone).isEmpty)
        }
    }

    @Test("minutes are said in hours")
    func lengths() {
        let sentence = Obstacle.drive("trp_1", minutes: 60, needed: 150).sentence(in: Sample.zone)
        #expect(sentence == "has 1 h to get from one trip to the other; with the drive 2 h 30 min are needed")
    }
}
