import Foundation

/// Measures one thing; a goal for each of its measurements stands in `Goals`.
protocol BenchSuite: Sendable {
    /// What it is called by on the command line.
    static var name: String { get }
    static func run(_ context: BenchContext) async throws -> [Measurement]
}

/// A figure of ours beside a peer's, in the same unit and from the same run.
struct Measurement {
    enum Better { case more, less }
    var name: String
    var value: Double
    var unit: String
    var better: Better
    var peer: String
    var peerValue: Double

    /// How many times better than the peer; above 1 we are ahead, whether more is better or less.
    var ratio: Double { better == .more ? value / peerValue : peerValue / value }
}

/// Figures of one side, a round each. Rounds of the sides are run in turn, so that a busy moment meets both.
struct Rounds {
    private(set) var values: [Double] = []

    var median: Double { values.sorted()[values.count / 2] }

    mutating func add(_ value: Double) { values.append(value) }

    /// Adds the seconds that `body` takes.
    mutating func time<T>(_ body: () async throws -> T) async rethrows -> T {
        let start = ContinuousClock.now
        let result = try await body()
        add(seconds(start.duration(to: .now)))
        return result
    }

    /// Adds the seconds that `body` takes.
    mutating func time<T>(_ body: () throws -> T) rethrows -> T {
        let start = ContinuousClock.now
        let result = try body()
        add(seconds(start.duration(to: .now)))
        return result
    }

    /// What the processor has spent on this process: what else runs on the machine tilts nothing.
    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
