import Availability
import CivilTime
import Foundation
import Testing

/// How many questions of each kind; the long form in `make prove`.
private let rounds = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 4_000 : 50_000

@Suite("Availability, against a checker that looks at every tick")
struct CheckedAnswersTests {
    @Test("lists exactly the starts that fit, with everybody who is free", arguments: [false, true])
    func slots(overlapping: Bool) throws {
        var (random, listed) = (Generator(state: overlapping ? 1 : 2), 0)
        for round in 0..<rounds {
            let question = RandomQuestion(&random, format: overlapping ? .overlappingSlots : .slots, length: 160)
            let checker = question.checker
            let expected = overlapping ? checker.overlappingSlots() : checker.slots()
            let engine = try AvailabilityEngine(question.query)
            let entries = engine.answer().entries
            let starts = entries.map { question.index($0.period.start) }
            guard starts == expected else {
                Issue.record("round \(round): \(starts) instead of \(expected): \(question)")
                return
            }
            #expect(engine.starts() == entries.map(\.period.start))
            for (entry, start) in zip(entries, expected) {
                #expect(entry.participants == checker.asked.filter { checker.isFree($0, start) })
            }
            listed += expected.count
        }
        #expect(listed > rounds)
    }

    @Test("every start that is not listed has reasons, and the checker confirms each", arguments: [false, true])
    func reasons(overlapping: Bool) throws {
        var (random, seen) = (Generator(state: overlapping ? 3 : 4), Set<String>())
        for _ in 0..<rounds / 4 {
            var question = RandomQuestion(&random, format: overlapping ? .overlappingSlots : .slots, length: 120)
            if random.below(3) == 0 { question = question.limited(to: 1 + random.below(4)) }
            let checker = question.checker
            let listed = Set(
                (overlapping ? checker.overlappingSlots() : checker.slots()).prefix(question.query.maxResults))
            let engine = try AvailabilityEngine(question.query)
            for start in -2..<checker.length {
                let refusals = engine.refusals(at: question.instant(start))
                #expect(refusals.isEmpty == listed.contains(start))
                for refusal in refusals {
                    #expect(
                        question.confirms(refusal, at: start, listed: listed), "\(refusal) at \(start) of \(question)")
                    seen.insert(refusal.kind)
                }
            }
        }
        let expected: Set = [
            "outsideWindows", "groupShort", "busy", "buffer", "notOpen", "offGrid", "beyondMaxResults",
        ]
        #expect(seen == (overlapping ? expected : expected.union(["overlapped"])))
    }

    @Test("periods are exactly the stretches that cannot be made longer")
    func periods() throws {
        var random = Generator(state: 5)
        for round in 0..<rounds / 4 {
            let question = RandomQuestion(&random, format: .periods, length: 60)
            let expected = question.checker.periods()
            let found = try AvailabilityEngine(question.query).answer().entries.map { entry in
                NaiveChecker.Stretch(
                    from: question.index(entry.period.start) ?? -1, to: question.index(entry.period.end) ?? -1,
                    members: entry.participants)
            }
            guard found == expected else {
                Issue.record("round \(round): \(found) instead of \(expected): \(question)")
                return
            }
        }
    }

    @Test("chosen starts are answered one by one")
    func chosen() throws {
        var random = Generator(state: 6)
        for _ in 0..<rounds / 4 {
            let question = RandomQuestion(&random, format: .slots, length: 120)
            var checker = question.checker
            checker = NaiveChecker(
                people: checker.people, groups: checker.groups, windows: [(0, checker.length)],
                duration: checker.duration, length: checker.length, isOnGrid: checker.isOnGrid)
            let chosen = (0..<20).map { _ in random.below(checker.length - checker.duration) }
            var query = question.query
            query.windows = .slots(chosen.map(question.instant))
            let found = try AvailabilityEngine(query).starts().map { question.index($0) }
            #expect(found == Set(chosen).sorted().filter { checker.isPossible($0) })
        }
    }

    @Test("the comparison catches a forgotten buffer")
    func control() throws {
        var random = Generator(state: 1)
        let differs = try (0..<300).contains { _ in
            let question = RandomQuestion(&random, format: .overlappingSlots, length: 160)
            var query = question.query
            query.bufferBefore = 0
            return try AvailabilityEngine(query).starts() != AvailabilityEngine(question.query).starts()
        }
        #expect(differs)
    }
}

extension RandomQuestion {
    fileprivate func limited(to most: Int) -> RandomQuestion {
        var query = query
        query.maxResults = most
        return RandomQuestion(checker: checker, query: query, tick: tick, origin: origin)
    }

    private init(checker: NaiveChecker, query: AvailabilityQuery, tick: Int64, origin: Int64) {
        (self.checker, self.query, self.tick, self.origin) = (checker, query, tick, origin)
    }

    fileprivate func confirms(_ refusal: Refusal, at start: Int, listed: Set<Int>) -> Bool {
        let end = start + checker.duration
        switch refusal {
        case .outsideWindows: return !checker.isInWindows(start)
        case .groupShort(let group, let available, let needed):
            return checker.available(group, start) == available && checker.groups[group].needed == needed
                && available < needed
        case .busy(let member, let tag):
            let span = checker.people[member].busy[Int(tag)]
            return span.from < end && span.to > start && span.from < span.to
        case .buffer(let member, let tag):
            let person = checker.people[member]
            let span = person.busy[Int(tag)]
            return (span.from >= end && span.from < end + person.after)
                || (span.to <= start && span.to > start - person.before)
        case .notOpen(let member): return !checker.isOpenFor(member, start)
        case .offGrid: return checker.isPossible(start) && !checker.isOnGrid[start]
        case .overlapped:
            return checker.isPossible(start) && listed.contains { $0 < start && start < $0 + checker.duration }
        case .beyondMaxResults:
            return checker.isPossible(start) && listed.count == query.maxResults && listed.allSatisfy { $0 < start }
        }
    }
}

extension Refusal {
    fileprivate var kind: String {
        switch self {
        case .outsideWindows: "outsideWindows"
        case .groupShort: "groupShort"
        case .busy: "busy"
        case .buffer: "buffer"
        case .notOpen: "notOpen"
        case .offGrid: "offGrid"
        case .overlapped: "overlapped"
        case .beyondMaxResults: "beyondMaxResults"
        }
    }
}
