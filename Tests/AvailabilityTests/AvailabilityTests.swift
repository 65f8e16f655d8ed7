import Availability
import CivilTime
import Testing

/// Small worlds in minutes, and a checker that knows only the definition: it looks at every minute of every member.
private struct World {
    var busy: [[(Int, Int)]]
    var open: [[(Int, Int)]?]
    var groups: [(Int?, [Int])]
    var duration: Int
    var windows: [(Int, Int)]
    var interval: Int?
    var before: Int
    var after: Int

    func isFree(_ member: Int, _ start: Int, ignoringBuffers: Bool = false) -> Bool {
        let end = start + duration
        let (b, a) = ignoringBuffers ? (0, 0) : (before, after)
        if let open = open[member] {
            // Open periods that overlap count as one; those that only touch do not.
            var joined: [(Int, Int)] = []
            for span in open.sorted(by: <) {
                if let last = joined.last, span.0 < last.1 {
                    joined[joined.count - 1].1 = max(last.1, span.1)
                } else {
                    joined.append(span)
                }
            }
            if !joined.contains(where: { $0.0 <= start && end <= $0.1 }) { return false }
        }
        return !busy[member].contains { $0.0 < end + a && $0.1 > start - b }
    }

    func isListed(_ start: Int, ignoringBuffers: Bool = false) -> Bool {
        var joined: [(Int, Int)] = []
        for span in windows.sorted(by: <) {
            if let last = joined.last, span.0 < last.1 {
                joined[joined.count - 1].1 = max(last.1, span.1)
            } else {
                joined.append(span)
            }
        }
        guard joined.contains(where: { $0.0 <= start && start + duration <= $0.1 }) else { return false }
        return groups.allSatisfy { needed, members in
            members.filter { isFree($0, start, ignoringBuffers: ignoringBuffers) }.count >= needed ?? members.count
        }
    }

    var query: AvailabilityQuery {
        func periods(_ spans: [(Int, Int)]) -> [Period] {
            spans.compactMap {
                Period(from: Instant(seconds: Int64($0.0) * 60), to: Instant(seconds: Int64($0.1) * 60))
            }
        }
        var query = AvailabilityQuery(
            members: zip(busy, open).map { busy, open in
                .init(
                    busy: BusyIntervals(
                        busy.enumerated().map {
                            .init(start: Int64($1.0) * 60, end: Int64($1.1) * 60, tag: Int32($0))
                        }), open: open.map(periods))
            },
            groups: groups.map { .init(required: $0.0.map { .count($0) } ?? .all, members: $0.1) },
            duration: Int64(duration) * 60, windows: .periods(periods(windows)), format: .overlappingSlots)
        query.startInterval = interval.map { Int64($0) * 60 }
        (query.bufferBefore, query.bufferAfter) = (Int64(before) * 60, Int64(after) * 60)
        query.maxResults = 10_000
        return query
    }

    static func random(_ random: inout Generator) -> World {
        func spans(_ most: Int, _ length: Int) -> [(Int, Int)] {
            (0..<random.below(most + 1)).map { _ in
                let start = random.below(280)
                return (start, start + 1 + random.below(length))
            }
        }
        let count = 1 + random.below(4)
        var groups: [(Int?, [Int])] = []
        for _ in 0...random.below(2) {
            let members = (0..<count).filter { _ in random.below(3) > 0 }
            if !members.isEmpty {
                groups.append((random.below(2) == 0 ? nil : 1 + random.below(members.count), members))
            }
        }
        if groups.isEmpty { groups = [(nil, [0])] }
        return World(
            busy: (0..<count).map { _ in spans(5, 60) },
            open: (0..<count).map { _ in random.below(3) == 0 ? spans(3, 200) : nil }, groups: groups,
            duration: [5, 10, 15, 30, 45][random.below(5)], windows: spans(2, 250) + [(0, 150)],
            interval: [5, 10, 15, 30][random.below(4)], before: [0, 0, 5, 7][random.below(4)],
            after: [0, 0, 5, 11][random.below(4)])
    }
}

private struct Generator {
    var state: UInt64
    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}

private let rounds = 10_000

@Suite("Availability, against a checker that looks at every minute")
struct AvailabilityTests {
    @Test("lists exactly the grid points that fit, with everybody who is free, and says why the others do not")
    func overlappingSlots() throws {
        var random = Generator(state: 1)
        for _ in 0..<rounds {
            let world = World.random(&random)
            let engine = try AvailabilityEngine(world.query)
            let listed = engine.answer().entries
            let interval = try #require(world.interval)
            let expected = stride(from: 0, to: 600, by: interval).filter { world.isListed($0) }
            let starts = listed.map { Int($0.period.start.seconds / 60) }
            guard starts == expected else {
                Issue.record("\(world): \(starts) instead of \(expected)")
                return
            }
            let asked = Set(world.groups.flatMap(\.1))
            for (entry, start) in zip(listed, starts) {
                #expect(entry.participants == asked.sorted().filter { world.isFree($0, start) })
            }
            for start in stride(from: 0, to: 600, by: 7) {
                let refusals = engine.refusals(at: Instant(seconds: Int64(start) * 60))
                if world.isListed(start) && start % interval == 0 {
                    #expect(refusals.isEmpty)
                } else {
                    #expect(!refusals.isEmpty)
                    check(refusals, world, start)
                }
            }
        }
    }

    /// Each reason is confirmed from the world itself.
    private func check(_ refusals: [Refusal], _ world: World, _ start: Int) {
        for refusal in refusals {
            switch refusal {
            case .busy(let member, let tag):
                let span = world.busy[member][Int(tag)]
                #expect(span.0 < start + world.duration && span.1 > start)
            case .buffer(let member, let tag):
                let span = world.busy[member][Int(tag)]
                #expect(span.0 < start + world.duration + world.after && span.1 > start - world.before)
                #expect(!(span.0 < start + world.duration && span.1 > start))
            case .notOpen(let member): #expect(world.open[member] != nil)
            case .groupShort(let group, let available, let needed):
                let members = world.groups[group].1
                #expect(members.filter { world.isFree($0, start) }.count == available && available < needed)
            case .offGrid: #expect(start % (world.interval ?? 1) != 0 && world.isListed(start))
            case .outsideWindows, .overlapped, .beyondMaxResults: break
            }
        }
    }

    @Test("slots never overlap, lie on the grid, and leave no room for another before them")
    func slots() throws {
        var random = Generator(state: 2)
        for _ in 0..<rounds {
            let world = World.random(&random)
            var query = world.query
            query.format = .slots
            let starts = try AvailabilityEngine(query).answer().entries.map { Int($0.period.start.seconds / 60) }
            var expected: [Int] = []
            for start in stride(from: 0, to: 600, by: world.interval ?? 5)
            where world.isListed(start) && start >= (expected.last.map { $0 + world.duration } ?? 0) {
                expected.append(start)
            }
            // Windows that only touch are searched apart, so a slot may not follow the greedy order across them.
            if world.windows.count == 1 || starts == expected {
                #expect(starts == expected)
            } else {
                #expect(starts.allSatisfy { world.isListed($0) && $0 % (world.interval ?? 1) == 0 })
                #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 >= world.duration })
            }
        }
    }

    @Test("periods hold every start that fits, cannot be longer, and name exactly who is free throughout")
    func periods() throws {
        var random = Generator(state: 3)
        for _ in 0..<rounds {
            let world = World.random(&random)
            var query = world.query
            query.format = .periods
            let entries = try AvailabilityEngine(query).answer().entries
            for minute in 0..<560 {
                let holds = entries.contains {
                    $0.period.start.seconds <= Int64(minute) * 60
                        && Int64(minute + world.duration) * 60 <= $0.period.end.seconds
                }
                guard holds == world.isListed(minute) else {
                    Issue.record("\(world) at \(minute): \(holds)")
                    return
                }
            }
            for (index, entry) in entries.enumerated() {
                let members = Set(entry.participants)
                #expect(
                    !entries.enumerated().contains { other in
                        other.offset != index && other.element.period.start <= entry.period.start
                            && other.element.period.end >= entry.period.end
                            && members.isSubset(of: other.element.participants)
                    })
            }
        }
    }

    @Test("the comparison catches an engine that forgets buffers")
    func control() throws {
        var random = Generator(state: 1)
        let differs = try (0..<500).contains { _ in
            let world = World.random(&random)
            let starts = try AvailabilityEngine(world.query).answer().entries.map { Int($0.period.start.seconds / 60) }
            return starts
                != stride(from: 0, to: 600, by: world.interval ?? 5).filter {
                    world.isListed($0, ignoringBuffers: true)
                }
        }
        #expect(differs)
    }

    @Test("query slots are answered one by one")
    func querySlots() throws {
        var query = AvailabilityQuery(
            members: [.init(busy: BusyIntervals([.init(start: 3600, end: 7200)]))],
            groups: [.init(required: .all, members: [0])], duration: 1800,
            windows: .slots([0, 1800, 1801, 3600, 7200].map { Instant(seconds: $0) }), format: .slots)
        #expect(try AvailabilityEngine(query).answer().entries.map(\.period.start.seconds) == [0, 1800, 7200])
        query.format = .periods
        #expect(throws: AvailabilityQueryError.slotsAsPeriods) { try AvailabilityEngine(query) }
    }

    @Test(
        "what cannot be asked is refused",
        arguments: [
            (AvailabilityQueryError.durationNotPositive, Int64(0), 1, Int64?.none),
            (.maxResultsNotPositive, 60, 0, nil), (.tooManySlots(limit: 100_000), 60, 100_001, nil),
            (.startIntervalNotPositive, 60, 1, 0),
        ])
    func refused(expected: AvailabilityQueryError, duration: Int64, results: Int, interval: Int64?) throws {
        var query = AvailabilityQuery(
            members: [.init(busy: BusyIntervals())], groups: [.init(required: .all, members: [0])], duration: duration,
            windows: .periods([]), format: .slots, maxResults: results)
        query.startInterval = interval
        #expect(throws: expected) { try AvailabilityEngine(query) }
    }
}

@Suite("Sequences")
struct SequenceTests {
    @Test("agree with trying every placement")
    func exhaustive() throws {
        var random = Generator(state: 9)
        for _ in 0..<1_500 {
            let count = 1 + random.below(3)
            let busy = (0..<2).map { _ in
                (0..<random.below(3)).map { _ -> (Int, Int) in
                    let start = random.below(20)
                    return (start, start + 1 + random.below(4))
                }
            }
            var query = SequenceQuery(
                members: busy.map {
                    .init(busy: BusyIntervals($0.map { .init(start: Int64($0.0) * 900, end: Int64($0.1) * 900) }))
                },
                steps: [],
                windows: [Period(from: Instant(seconds: 0), to: Instant(seconds: 18 * 900))].compactMap { $0 })
            query.maxResults = 5_000
            for index in 0..<count {
                var step = SequenceQuery.Step(
                    groups: [.init(required: .all, members: [random.below(2)])],
                    duration: Int64(1 + random.below(3)) * 900)
                step.startInterval = 900
                step.ordinal = random.below(2) == 0 ? index : nil
                step.after = .init(minimum: Int64(random.below(2)) * 900, maximum: random.below(2) == 0 ? nil : 2700)
                query.steps.append(step)
            }
            let found = try SequenceEngine(query).answer()
            #expect(!found.isTruncated || found.solutions.count == 5_000)
            guard found.solutions.count < 5_000 else { continue }
            #expect(found.solutions.count == everyPlacement(query, busy))
        }
    }

    private func everyPlacement(_ query: SequenceQuery, _ busy: [[(Int, Int)]]) -> Int {
        func free(_ step: SequenceQuery.Step, _ start: Int) -> Bool {
            let (length, after) = (Int(step.duration / 900), Int(step.after.minimum / 900))
            return start + length <= 18
                && !busy[step.groups[0].members[0]].contains { $0.0 < start + length + after && $0.1 > start }
        }
        func count(_ used: Set<Int>, _ last: (step: Int, end: Int)?) -> Int {
            if used.count == query.steps.count { return 1 }
            let left = query.steps.indices.filter { !used.contains($0) }
            let lowest = left.compactMap { query.steps[$0].ordinal }.min()
            return left.filter { query.steps[$0].ordinal == nil || query.steps[$0].ordinal == lowest }.reduce(0) {
                sum, index in
                sum
                    + (0..<18).filter { free(query.steps[index], $0) }.reduce(0) { sum, start in
                        if let last {
                            let gap = query.steps[last.step].after
                            guard start >= last.end + Int(gap.minimum / 900) else { return sum }
                            if let most = gap.maximum, start > last.end + Int(most / 900) { return sum }
                        }
                        return sum + count(used.union([index]), (index, start + Int(query.steps[index].duration / 900)))
                    }
            }
        }
        return count([], nil)
    }
}
