import Availability
import CivilTime
import Foundation
import PostgreSQL

/// Starts of an hour, every quarter of an hour over 35 days, for people with 200 busy times each: any one of them, five of
/// them together, and as many as leave about half of the starts. Ours is the engine's `starts` on busy time as the
/// desk holds it; the peers are `peers/availability.c` and multiranges in PostgreSQL.
struct AvailabilitySpeed: BenchSuite {
    static let name = "availability"
    private static let sizes = [10, 100, 1_000, 10_000]
    private static let rounds = 5

    static func run(_ context: BenchContext) async throws -> [Measurement] {
        let people = BusyPeople(count: 10_000)
        let file = context.folder + "/busy"
        try people.file.write(to: URL(fileURLWithPath: file))
        let ranges = try await BusyRanges(people, url: context.postgres())
        var measurements: [Measurement] = []
        for size in sizes {
            let questions = people.questions(size)
            var ours = questions.map { _ in Rounds() }
            var peers = ["merge", "bits", "ranges"].map { form in (form, questions.map { _ in Rounds() }) }
            for round in 0..<rounds {
                let needed = "\(questions[2].needed)"
                let figures = try context.peer("availability", [file, "\(size)", "\(people.origin)", needed])
                for (index, question) in questions.enumerated() {
                    let checksum = try question.measure(&ours[index])
                    for form in 0..<2 {
                        let name = "\(peers[form].0)-\(question.name)"
                        guard let figure = figures.first(where: { $0.name == name }) else {
                            throw BenchError("the peer printed no \(name)")
                        }
                        peers[form].1[index].add(try figure.value(expecting: checksum))
                    }
                    // The database needs seconds for ten thousand people.
                    guard round == 0 || size < 1_000 else { continue }
                    peers[2].1[index].add(try await ranges.measure(question, expecting: checksum))
                }
            }
            let names = ["C merge", "C bit sets", "PostgreSQL multiranges"]
            for (index, question) in questions.enumerated() {
                for (name, (_, rounds)) in zip(names, peers) {
                    measurements.append(
                        Measurement(
                            name: "availability, \(question.title)", value: ours[index].median, unit: "µs",
                            better: .less, peer: name, peerValue: rounds[index].median))
                }
            }
        }
        await ranges.close()
        return measurements
    }
}

/// Random busy times on five minutes, half an hour to an hour and a half long.
struct BusyPeople {
    static let pieces = 200
    static let days: Int64 = 35
    let origin: Int64 = 1_932_854_400
    let busy: [[BusyIntervals.Piece]]

    init(count: Int) {
        var state: UInt64 = 1
        func below(_ limit: Int64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % UInt64(limit))
        }
        let origin = origin
        busy = (0..<count).map { _ in
            (0..<Self.pieces).map { _ in
                let start = origin + below(Self.days * 288 - 18) * 300
                return BusyIntervals.Piece(start: start, end: start + (6 + below(13)) * 300)
            }.sorted { $0.start < $1.start }
        }
    }

    var window: Range<Int64> { origin..<origin + Self.days * 86_400 }

    /// For the peers in C: pairs of seconds.
    var file: Data { busy.joined().flatMap { [$0.start, $0.end] }.withUnsafeBytes { Data($0) } }

    func questions(_ size: Int) -> [BusyQuestion] {
        let held = busy.prefix(size).map(BusyIntervals.init)
        let five = (0..<5).map { $0 * (size / 5) }
        let (all, some) = (Array(0..<size), max(2, size * 62 / 100))
        return [
            BusyQuestion(name: "any", title: "any 1 of \(size)", people: all, needed: 1, held, window),
            BusyQuestion(name: "all", title: "all 5, of \(size)", people: five, needed: 5, held, window),
            BusyQuestion(name: "some", title: "\(some) of \(size)", people: all, needed: some, held, window),
        ]
    }
}

struct BusyQuestion {
    let name: String
    let title: String
    let people: [Int]
    let needed: Int
    let window: Range<Int64>
    private let query: AvailabilityQuery

    init(
        name: String, title: String, people: [Int], needed: Int, _ held: [BusyIntervals], _ window: Range<Int64>
    ) {
        (self.name, self.title, self.people, self.needed, self.window) = (name, title, people, needed, window)
        let (start, end) = (Instant(seconds: window.lowerBound), Instant(seconds: window.upperBound))
        var query = AvailabilityQuery(
            members: people.map { .init(busy: held[$0]) },
            groups: [.init(required: .count(needed), members: Array(people.indices))], duration: 3600,
            windows: .periods([Period(from: start, to: end)].compactMap { $0 }), format: .overlappingSlots,
            maxResults: 100_000)
        query.startInterval = 900
        self.query = query
    }

    /// Adds the processor's microseconds for one answer; gives its checksum.
    func measure(_ rounds: inout Rounds) throws -> UInt64 {
        var (repeats, starts, spent) = (0, [Instant](), 0.0)
        let begin = Rounds.processorSeconds()
        repeat {
            starts = try AvailabilityEngine(query).starts()
            repeats += 1
            spent = Rounds.processorSeconds() - begin
        } while spent < 0.02
        rounds.add(spent * 1e6 / Double(repeats))
        return Self.checksum(starts.map(\.seconds))
    }

    static func checksum(_ starts: [Int64]) -> UInt64 {
        starts.reduce(0) { $0 &* 31 &+ UInt64(bitPattern: $1) }
    }
}
