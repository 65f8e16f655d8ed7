// bench: measures beside named peers in the same run, so that a ratio holds on any machine. A suite is one file in
// `Suites`; a peer is a C program in `../peers`, a library, or a database. Begin at `BenchSuite`.
import Foundation

/// Arguments: the suites to run; none: all.
@main
struct Bench {
    private static let suites: [any BenchSuite.Type] = [
        RecurrenceSpeed.self, Parsing.self, AvailabilitySpeed.self, SyncApply.self, NoticeSpeed.self, HTTPSpeed.self,
        StaffingSpeed.self, GuidesSpeed.self,
    ]

    static func main() async {
        do { try await measure() } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func measure() async throws {
        let names = CommandLine.arguments.dropFirst()
        let known = suites.map { $0.name }
        if let wrong = names.first(where: { !known.contains($0) }) {
            throw BenchError("no suite is named '\(wrong)'; there are \(known.joined(separator: ", "))")
        }
        let context = try BenchContext()
        defer { context.removeFolder() }
        var results: [BenchResult] = []
        for suite in suites where names.isEmpty || names.contains(suite.name) {
            for measurement in try await suite.run(context) { results.append(try BenchResult(measurement)) }
        }
        print(BenchResult.table(results))
        try Data(BenchResult.json(results).utf8).write(to: URL(fileURLWithPath: "bench/results.json"))
    }
}
