import CivilTime
import Foundation
import Recurrence

/// Occurrences of a dozen shapes of rule as instants, in a zone with clock changes, each making ready included: 10,000 of
/// them or as many as there are before the year 2400. The peers are libical and a loop in C written for each shape.
struct RecurrenceSpeed: BenchSuite {
    static let name = "recurrence"
    private static let zone = "America/Denver"
    private static let rounds = 5

    static func run(_ context: BenchContext) async throws -> [Measurement] {
        let shapes = try RuleShape.all.map { try PreparedRule($0, zone: zone) }
        let file = context.folder + "/shapes"
        try shapes.map(\.line).joined().write(toFile: file, atomically: true, encoding: .utf8)
        var ours = shapes.map { _ in Rounds() }
        var peers = ["libical", "C loop"].map { name in (name, shapes.map { _ in Rounds() }) }
        var wrong: Set<String> = []
        for _ in 0..<rounds {
            let libical = try context.peer("recurrence_libical", [file, zone])
            let loop = try context.peer("recurrence_loop", [file, zone])
            for (index, shape) in shapes.enumerated() {
                let checksum = try shape.measure(&ours[index])
                peers[1].1[index].add(try loop[index].value(expecting: checksum))
                // Another program's fault is said and not measured; our own and the loop's end the run.
                if libical[index].checksum != checksum { wrong.insert(shape.name) }
                peers[0].1[index].add(libical[index].value)
            }
        }
        for name in wrong.sorted() { print("libical gives other instants for '\(name)': no figure") }
        var found: [Measurement] = []
        for (peer, rounds) in peers {
            let counted = shapes.indices.filter { peer != "libical" || !wrong.contains(shapes[$0].name) }
            func add(_ name: String, _ value: Double, _ peerValue: Double) {
                found.append(
                    Measurement(
                        name: "recurrence, \(name)", value: value, unit: "ns", better: .less, peer: peer,
                        peerValue: peerValue))
            }
            for index in counted { add(shapes[index].name, ours[index].median, rounds[index].median) }
            func mean(_ rounds: [Rounds]) -> Double {
                exp(counted.reduce(0) { $0 + log(rounds[$1].median) } / Double(counted.count))
            }
            add("geometric mean of \(counted.count)", mean(ours), mean(rounds))
        }
        return found
    }
}

/// A rule with a start that it names.
struct RuleShape {
    let name, start, rule: String
    var exceptions: [String] = []

    static let all = [
        RuleShape(name: "daily", start: "20260105T090000", rule: "FREQ=DAILY"),
        RuleShape(name: "weekly", start: "20260105T090000", rule: "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        RuleShape(name: "every-5-days", start: "20260105T090000", rule: "FREQ=DAILY;INTERVAL=5"),
        RuleShape(name: "monthly", start: "20260115T090000", rule: "FREQ=MONTHLY;BYMONTHDAY=15"),
        RuleShape(name: "second-tuesday", start: "20260113T090000", rule: "FREQ=MONTHLY;BYDAY=2TU"),
        RuleShape(
            name: "last-weekday", start: "20260130T090000", rule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        RuleShape(name: "yearly", start: "20260704T090000", rule: "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4"),
        RuleShape(name: "thanksgiving", start: "20261126T090000", rule: "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
        RuleShape(name: "by-week", start: "20260511T090000", rule: "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"),
        RuleShape(name: "by-year-day", start: "20260101T090000", rule: "FREQ=YEARLY;BYYEARDAY=1,100,200,-1"),
        RuleShape(name: "every-3-hours", start: "20260105T090000", rule: "FREQ=HOURLY;INTERVAL=3"),
        RuleShape(
            name: "minutes-of-hours", start: "20260105T090000",
            rule: "FREQ=MINUTELY;INTERVAL=15;BYHOUR=9,10,11,12,13,14,15,16"),
        RuleShape(
            name: "daily-but", start: "20260105T090000", rule: "FREQ=DAILY",
            exceptions: (0..<48).map { String(format: "%d%02d25T090000", 2026 + $0 / 2, $0 % 2 == 0 ? 7 : 12) }),
    ]
}

/// A shape as the set that the engine expands, with its number of occurrences.
struct PreparedRule {
    let name: String
    /// For the peers: see `peers/recurrence_libical.c`.
    let line: String
    private let set: RecurrenceSet
    private let count: Int

    init(_ shape: RuleShape, zone name: String) throws {
        guard let zone = ZoneDatabase.system.zone(ZoneID(name)) else { throw BenchError("no zone '\(name)'") }
        func start(_ text: String) throws -> RecurrenceSet.Start {
            guard let date = CivilDate(compact: text.prefix(8)),
                let time = CivilDateTime(date: date, compact: text.suffix(6))
            else { throw BenchError("'\(text)' is no time") }
            return .local(time, zone)
        }
        self.name = shape.name
        set = RecurrenceSet(
            start: try start(shape.start), rules: [try RecurrenceRule(parsing: shape.rule)],
            exceptions: try shape.exceptions.map(start))
        var cursor = set.cursor(until: Instant(seconds: 13_569_465_600))  // 2400-01-01
        var count = 0
        while count < 10_000, try cursor.next() != nil { count += 1 }
        self.count = count
        let exceptions = shape.exceptions.isEmpty ? "-" : shape.exceptions.joined(separator: ",")
        line = [shape.name, shape.start, shape.rule, "\(count)", exceptions].joined(separator: "\t") + "\n"
    }

    /// Adds the processor's nanoseconds for one occurrence; gives the checksum of all.
    func measure(_ rounds: inout Rounds) throws -> UInt64 {
        var (repeats, checksum, spent) = (0, UInt64(0), 0.0)
        let begin = Rounds.processorSeconds()
        repeat {
            checksum = try expand()
            repeats += 1
            spent = Rounds.processorSeconds() - begin
        } while spent < 0.005
        rounds.add(spent * 1e9 / Double(repeats * count))
        return checksum
    }

    private func expand() throws -> UInt64 {
        var (cursor, sum, sums) = (set.cursor(), UInt64(0), UInt64(0))
        for _ in 0..<count {
            guard let instant = try cursor.next() else { break }
            sum &+= UInt64(bitPattern: instant.seconds)
            sums &+= sum
        }
        return sums ^ sum << 20
    }
}
