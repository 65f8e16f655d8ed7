/// The best crews, best first: branch and bound over places. A crew's rank is the sum of its members', so what is
/// chosen and the least that the rest can add bound it from below.
struct CrewSearch {
    struct Candidate {
        let guide: Int
        let rank: CrewRank
    }

    struct Choice {
        let need, guide: Int
    }

    struct Found {
        let choices: [Choice]
        let rank: CrewRank
    }

    /// For each need, who can fill it, best first.
    private let candidates: [[Candidate]]
    /// The need of each place; places of a need follow each other.
    private let places: [Int]
    private let guides: Int
    private let limit: Int
    private(set) var best: [Found] = []
    /// False where the search was stopped: the crews found are crews, but better ones may exist.
    private(set) var isComplete = true
    private var stepsLeft: Int
    /// Whether every need has so many candidates that no choice can spoil another.
    private let isRoomy: Bool

    init(_ candidates: [[Candidate]], counts: [Int], guides: Int, limit: Int, steps: Int = 400_000) {
        self.candidates = candidates.map { $0.sorted { $0.rank < $1.rank } }
        places = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
        (self.guides, self.limit, stepsLeft) = (guides, limit, steps)
        let size = places.count
        isRoomy = candidates.allSatisfy { $0.count >= size }
        guard limit > 0, canComplete(from: 0, taken: []) else { return }
        search(place: 0, from: 0, chosen: [], rank: CrewRank())
    }

    private mutating func search(place: Int, from start: Int, chosen: [Choice], rank: CrewRank) {
        guard place < places.count else { return keep(Found(choices: chosen, rank: rank)) }
        let need = places[place]
        let isSameNeed = place > 0 && places[place - 1] == need
        for index in (isSameNeed ? start : 0)..<candidates[need].count {
            let candidate = candidates[need][index]
            guard let least = least(from: place, at: index, after: rank) else { return }
            if best.count == limit, let worst = best.last, worst.rank < least { return }
            guard !chosen.contains(where: { $0.guide == candidate.guide }) else { continue }
            stepsLeft -= 1
            guard stepsLeft > 0 else {
                isComplete = false
                return
            }
            let next = chosen + [Choice(need: need, guide: candidate.guide)]
            guard isRoomy || canComplete(from: place + 1, taken: next.map(\.guide)) else { continue }
            search(place: place + 1, from: index + 1, chosen: next, rank: rank + candidate.rank)
        }
    }

    /// The least rank that a crew can have whose place `place` is filled by candidate `index` or a later one.
    private func least(from place: Int, at index: Int, after rank: CrewRank) -> CrewRank? {
        var (total, next) = (rank, index)
        for later in place..<places.count {
            if later > place, places[later] != places[later - 1] { next = 0 }
            guard next < candidates[places[later]].count else { return nil }
            total = total + candidates[places[later]][next].rank
            next += 1
        }
        return total
    }

    private func canComplete(from place: Int, taken: [Int]) -> Bool {
        let choices = places[place...].map { need in
            candidates[need].map(\.guide).filter { !taken.contains($0) }
        }
        return Matching(choices, takers: guides).isComplete
    }

    private mutating func keep(_ found: Found) {
        let place = best.firstIndex { Self.comes(found, before: $0) } ?? best.count
        guard place < limit else { return }
        best.insert(found, at: place)
        if best.count > limit { best.removeLast() }
    }

    /// By rank; of equal ones by the guides in their order.
    private static func comes(_ left: Found, before right: Found) -> Bool {
        guard left.rank == right.rank else { return left.rank < right.rank }
        return left.choices.lazy.map(\.guide).lexicographicallyPrecedes(right.choices.lazy.map(\.guide))
    }
}
