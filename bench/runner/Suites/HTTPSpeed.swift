import Foundation

/// A live server over HTTP with keep-alive, beside a bare route of Hummingbird's on the same machine, asked in turn; and what
/// it takes after everybody was asked for. `bench/http/run.py` does the asking, for each database.
struct HTTPSpeed: BenchSuite {
    static let name = "http"
    private static let accounts = 10_000

    static func run(_ context: BenchContext) async throws -> [Measurement] {
        try measure(context, "SQLite", "sqlite:\(context.folder)/http.sqlite")
            + measure(context, "PostgreSQL", context.postgres())
    }

    private static func measure(
        _ context: BenchContext, _ database: String, _ url: String
    ) throws -> [Measurement] {
        let figures = try BenchContext.figures(
            of: "/usr/bin/env",
            ["python3", "bench/http/run.py", context.server(), context.bare(), url, "--accounts", "\(accounts)"])
        func figure(_ name: String) throws -> Double {
            guard let figure = figures.first(where: { $0.name == name }) else { throw BenchError("no figure \(name)") }
            return figure.value
        }
        let requests = [
            ("userinfo", "GET userinfo"), ("free-busy", "GET free_busy, 35 days, 200 busy"),
            ("availability-5", "POST availability, 5 people, 35 days"),
            ("availability-200", "POST availability, 200 people, 90 days"),
        ]
        func row(
            _ name: String, _ value: Double, _ unit: String, _ better: Measurement.Better, _ peer: String,
            _ other: Double
        ) -> Measurement {
            Measurement(
                name: "\(name), \(database)", value: value, unit: unit, better: better, peer: peer, peerValue: other)
        }
        var found: [Measurement] = []
        for (name, title) in requests {
            found.append(
                row(title, try figure(name + "-rate"), "requests/s", .more, "bare route", try figure("bare-rate")))
            for part in ["p95", "p99"] {
                found.append(
                    row(
                        "\(title), \(part)", try figure("\(name)-\(part)"), "ms", .less, "bare route",
                        try figure("bare-\(part)")))
            }
        }
        found.append(
            row("server asked for \(accounts) people", try figure("everybody-memory"), "MB", .less, "limit", 300))
        found.append(row("server at rest", try figure("rest-memory"), "MB", .less, "limit", 60))
        return found
    }
}
