import CivilTime
import Foundation
import Recurrence
import Testing

/// What must hold of any rule, on rules drawn at random: 200, or 20,000 where proofs are wanted.
@Suite("Properties of random rules")
struct PropertyTests {
    static let rules = (0..<(ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 200 : 20_000))
        .compactMap { RandomRule(seed: UInt64($0)) }

    /// Every rule with its instants; those that name more than one expansion may hold are left out, and are few.
    private func each(_ body: (RandomRule, [Int64], inout SplitMix) throws -> Void) throws {
        var (tried, repeated) = (0, 0)
        for (seed, rule) in Self.rules.enumerated() {
            guard let whole = try? rule.instants() else { continue }
            var random = SplitMix(seed: UInt64(seed) + 1_000_000)
            try body(rule, whole, &random)
            tried += 1
            repeated += whole.count > 2 ? 1 : 0
        }
        #expect(tried > Self.rules.count * 9 / 10 && repeated > Self.rules.count / 2)
    }

    @Test("instants ascend without repeats and begin with DTSTART")
    func order() throws {
        try each { rule, whole, _ in
            #expect(zip(whole, whole.dropFirst()).allSatisfy { $0 < $1 }, "\(rule)")
            let zone = try #require(ZoneDatabase.system.zone(ZoneID(rule.zone)))
            #expect(whole.first == zone.instant(of: rule.start).seconds, "\(rule)")
        }
    }

    @Test("COUNT=n gives the first n")
    func count() throws {
        try each { rule, whole, random in
            let count = 1 + random.below(max(1, whole.count))
            let found = try rule.instants(";COUNT=\(count)")
            #expect(found == Array(whole.prefix(found.count)) && found.count <= count, "\(rule)")
            guard found.count < count, let last = found.last else { return }
            // Two wall times may be one instant where clocks go forward; both were counted.
            let zone = try #require(ZoneDatabase.system.zone(ZoneID(rule.zone)))
            let near = zone.nextTransition(
                after: Instant(seconds: whole[0] - 86_400), before: Instant(seconds: last + 86_400))
            #expect(near != nil, "\(rule)")
        }
    }

    @Test("UNTIL gives what is not after it")
    func until() throws {
        try each { rule, whole, random in
            guard let named = whole.randomElement(by: &random) else { return }
            for end in [named, named - 1, named + 1] where end >= whole[0] {
                let text = Instant(seconds: end).description.filter { $0 != "-" && $0 != ":" }
                let found = try rule.instants(";UNTIL=\(text)")
                #expect(found == whole.filter { $0 <= end }, "\(rule) \(text)")
            }
        }
    }

    @Test("a window gives what the whole has in it")
    func window() throws {
        try each { rule, whole, random in
            guard let named = whole.randomElement(by: &random) else { return }
            let length = Int64(1 + random.below(Int(rule.length)))
            for from in [named, named - 1, named + 1, named - length / 2] where from >= whole[0] {
                let until = min(from + length, whole[0] + rule.length)
                let found = try rule.instants(from: from, until: until)
                #expect(found == whole.filter { $0 >= from && $0 < until }, "\(rule)")
            }
        }
    }

    @Test("a multiple of INTERVAL names nothing new")
    func interval() throws {
        try each { rule, whole, random in
            let fewer = try rule.instants(interval: rule.interval * (2 + random.below(3)))
            #expect(Set(fewer).isSubset(of: Set(whole)), "\(rule)")
        }
    }

    @Test("EXDATE takes away what it names, and nothing else")
    func exception() throws {
        try each { rule, whole, random in
            guard let one = whole.randomElement(by: &random), let other = whole.randomElement(by: &random) else {
                return
            }
            let found = try rule.instants(except: [other, one, one + 1])
            #expect(found == whole.filter { ![one, other, one + 1].contains($0) }, "\(rule)")
        }
    }
}

extension PropertyTests {
    @Test("instants and starts are the same times, also where a cursor gives now one and now the other")
    func instantsAndStarts() throws {
        try each { rule, whole, random in
            guard let set = try rule.set(except: whole.randomElement(by: &random).map { [$0] } ?? []) else { return }
            let until = Instant(seconds: whole[0] + rule.length)
            let starts = try set.starts(from: set.start.instant, until: until)
            var cursor = set.cursor(from: set.start.instant, until: until)
            for start in starts {
                if random.below(2) == 0 {
                    #expect(try cursor.next() == start.instant, "\(rule)")
                } else {
                    #expect(try cursor.nextStart() == start, "\(rule)")
                }
            }
            #expect(try cursor.next() == nil, "\(rule)")
        }
    }
}

extension [Int64] {
    fileprivate func randomElement(by random: inout SplitMix) -> Int64? {
        isEmpty ? nil : self[random.below(count)]
    }
}
