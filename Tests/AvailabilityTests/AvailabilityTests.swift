import Availability
import CivilTime
import Glibc
import Testing

@Suite("Availability questions")
struct AvailabilityTests {
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

    @Test("end after a bounded number of placements, however many starts each step has")
    func bounded() throws {
        let day: Int64 = 86_400
        func period(_ from: Int64, _ to: Int64) throws -> Period {
            try #require(Period(from: Instant(seconds: from), to: Instant(seconds: to)))
        }
        var query = SequenceQuery(
            members: [.init(busy: BusyIntervals())], steps: [], windows: [try period(0, 60 * day)])
        for ordinal in [1, 1, 1, 2] {
            var step = SequenceQuery.Step(groups: [.init(required: .all, members: [0])], duration: 300)
            step.ordinal = ordinal
            query.steps.append(step)
        }
        // The last step can stand in the first minutes only, where the others never leave room for it.
        query.steps[3].windows = [try period(0, 600)]
        let begin = clock()
        let answer = try SequenceEngine(query).answer()
        #expect(answer.isTruncated && answer.solutions.isEmpty)
        #expect(clock() - begin < 20 * CLOCKS_PER_SEC)
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
