import Availability
import CivilTime
import Testing

@Suite("What must follow when a question changes")
struct MetamorphicTests {
    private func each(_ seed: UInt64, _ body: (RandomQuestion, inout Generator) throws -> Void) rethrows {
        var random = Generator(state: seed)
        for _ in 0..<1_500 {
            let question = RandomQuestion(&random, format: .overlappingSlots, length: 160)
            try body(question, &random)
        }
    }

    private func starts(_ query: AvailabilityQuery) throws -> [Instant] { try AvailabilityEngine(query).starts() }

    private func members(
        _ query: AvailabilityQuery, _ change: (Int, [BusyIntervals.Piece]) -> [BusyIntervals.Piece]
    ) -> AvailabilityQuery {
        var query = query
        for index in query.members.indices {
            query.members[index].busy = BusyIntervals(change(index, query.members[index].busy.pieces))
        }
        return query
    }

    @Test("adding busy time never adds a start, and here takes some away")
    func addedBusy() throws {
        var taken = 0
        try each(11) { question, random in
            let (from, member) = (random.below(140), random.below(question.query.members.count))
            let piece = BusyIntervals.Piece(
                start: question.instant(from).seconds, end: question.instant(from + 1 + random.below(20)).seconds)
            let before = try starts(question.query)
            let after = try starts(members(question.query) { $0 == member ? $1 + [piece] : $1 })
            #expect(Set(after).isSubset(of: before))
            taken += before.count - after.count
        }
        #expect(taken > 0)
    }

    @Test("splitting busy time, saying it twice, or in another order changes nothing")
    func split() throws {
        try each(12) { question, _ in
            let changed = members(question.query) { _, pieces in
                pieces.reversed().flatMap { piece -> [BusyIntervals.Piece] in
                    let middle = piece.start + (piece.end - piece.start) / 2
                    return [.init(start: middle, end: piece.end), .init(start: piece.start, end: middle), piece]
                }
            }
            try #expect(starts(changed) == starts(question.query))
        }
    }

    @Test("moving everything by whole days moves the answer")
    func shifted() throws {
        try each(13) { question, random in
            let distance = Int64(random.below(2_000) - 1_000) * 86_400
            func moved(_ periods: [Period]) -> [Period] {
                periods.compactMap {
                    Period(
                        from: Instant(seconds: $0.start.seconds + distance),
                        to: Instant(seconds: $0.end.seconds + distance))
                }
            }
            var query = members(question.query) { _, pieces in
                pieces.map { .init(start: $0.start + distance, end: $0.end + distance) }
            }
            for index in query.members.indices { query.members[index].open = query.members[index].open.map(moved) }
            if case .periods(let windows) = query.windows { query.windows = .periods(moved(windows)) }
            try #expect(starts(query).map { $0.seconds - distance } == starts(question.query).map(\.seconds))
        }
    }

    @Test("the order of members and groups does not matter")
    func reordered() throws {
        try each(14) { question, _ in
            var query = question.query
            query.members.reverse()
            let last = query.members.count - 1
            query.groups = query.groups.reversed().map { group in
                .init(required: group.required, members: group.members.map { last - $0 })
            }
            let (own, other) = try (
                AvailabilityEngine(question.query).answer().entries, AvailabilityEngine(query).answer().entries
            )
            #expect(own.map(\.period) == other.map(\.period))
            #expect(own.map(\.participants) == other.map { $0.participants.map { last - $0 }.reversed() })
        }
    }

    @Test("wider windows never take a start away; cut in two they change nothing")
    func windows() throws {
        var added = 0
        try each(15) { question, random in
            guard case .periods(let windows) = question.query.windows else { return }
            var (wider, cut) = (question.query, question.query)
            wider.windows = .periods(
                windows.compactMap {
                    Period(
                        from: Instant(seconds: $0.start.seconds - Int64(random.below(4_000))),
                        to: Instant(seconds: $0.end.seconds + Int64(random.below(4_000))))
                })
            cut.windows = .periods(
                windows.flatMap { window -> [Period] in
                    let middle = Instant(seconds: (window.start.seconds + window.end.seconds) / 2)
                    return [Period(from: window.start, to: middle), Period(from: middle, to: window.end)].compactMap {
                        $0
                    }
                })
            let own = try starts(question.query)
            try #expect(Set(own).isSubset(of: starts(wider)))
            try #expect(starts(cut) == own)
            added += try starts(wider).count - own.count
        }
        #expect(added > 0)
    }
}
