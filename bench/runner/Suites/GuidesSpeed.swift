import Foundation

/// The pages of a guide service of 200 guides on a live server over HTTP, with keep-alive and four people asking without a
/// pause, and a burst of signed notices of 5,000 guides' calendars. `bench/guides/run.py` does the asking, for each database.
struct GuidesSpeed: BenchSuite {
    static let name = "guides"

    static func run(_ context: BenchContext) async throws -> [Measurement] {
        try measure(context, "SQLite", "sqlite:\(context.folder)/guides.sqlite")
            + measure(context, "PostgreSQL", context.postgres())
    }

    /// Milliseconds that the 95th of a hundred may take.
    private static let pages = [
        ("board", "board of 200 guides by 90 days", 50.0),
        ("who", "page 'who can run this?', 200 guides, 6 months", 100),
        ("dates", "guests' dates of a month", 50),
    ]

    private static func measure(
        _ context: BenchContext, _ database: String, _ url: String
    ) throws -> [Measurement] {
        let figures = try BenchContext.figures(
            of: "/usr/bin/env", ["python3", "bench/guides/run.py", context.server(), url])
        func row(
            _ figure: String, _ name: String, _ unit: String, _ better: Measurement.Better, limit: Double
        ) throws -> Measurement {
            guard let found = figures.first(where: { $0.name == figure }) else {
                throw BenchError("no figure \(figure)")
            }
            return Measurement(
                name: "\(name), \(database)", value: found.value, unit: unit, better: better, peer: "limit",
                peerValue: limit)
        }
        return try pages.map { try row($0.0 + "-p95", $0.1 + ", p95", "ms", .less, limit: $0.2) } + [
            // 5,000 guides, each changing twice in a minute.
            row("accepted-rate", "notices accepted", "notices/s", .more, limit: 10_000 / 60),
            row("to-row", "notices of 5,000 guides, to the last row", "s", .less, limit: 60),
        ]
    }
}
