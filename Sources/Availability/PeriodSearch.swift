import CivilTime

/// Every stretch that cannot be made longer without losing a member: it begins where one of its members becomes free and
/// ends where one stops being so. O(n log n) in free stretches, and O(members) per stretch listed.
struct PeriodSearch {
    private let query: AvailabilityQuery
    /// Per member, the free stretches that hold a meeting.
    private let free: [[Span]]

    init(_ engine: AvailabilityEngine) {
        query = engine.query
        var free: [[Span]] = Array(repeating: [], count: engine.query.members.count)
        for index in engine.asked {
            let member = engine.query.members[index]
            let open = engine.settings.open[index].map { Span.intersection(engine.windows, $0) } ?? engine.windows
            free[index] = member.busy.free(
                in: open, before: member.bufferBefore ?? engine.query.bufferBefore,
                after: member.bufferAfter ?? engine.query.bufferAfter
            ).filter { $0.end - $0.start >= engine.query.duration }
        }
        self.free = free
    }

    func entries() -> [AvailabilityAnswer.Entry] {
        var entries: [AvailabilityAnswer.Entry] = []
        for start in satisfiedStarts() where entries.count < query.maxResults {
            entries += stretches(from: start, most: query.maxResults - entries.count)
        }
        return entries
    }

    /// The starts of free stretches at which a meeting fits, by counting who comes and who goes.
    private func satisfiedStarts() -> [Int64] {
        struct Change {
            var time: Int64
            var member: Int
            /// Coming stands before going: who can just begin here, can.
            var isComing: Bool
        }
        var changes: [Change] = []
        for (member, spans) in free.enumerated() {
            for span in spans {
                changes.append(Change(time: span.start, member: member, isComing: true))
                changes.append(Change(time: span.end - query.duration, member: member, isComing: false))
            }
        }
        changes.sort { $0.time != $1.time ? $0.time < $1.time : $0.isComing && !$1.isComing }
        var groupsOf: [[Int]] = Array(repeating: [], count: free.count)
        for (number, group) in query.groups.enumerated() {
            for member in group.members { groupsOf[member].append(number) }
        }
        var counts = Array(repeating: 0, count: query.groups.count)
        var short = query.groups.count
        var (starts, index) = ([Int64](), 0)
        while index < changes.count {
            let time = changes[index].time
            var comes = false
            while index < changes.count, changes[index].time == time, changes[index].isComing {
                comes = true
                for group in groupsOf[changes[index].member] {
                    counts[group] += 1
                    if counts[group] == query.groups[group].needed { short -= 1 }
                }
                index += 1
            }
            if comes, short == 0 { starts.append(time) }
            while index < changes.count, changes[index].time == time, !changes[index].isComing {
                for group in groupsOf[changes[index].member] {
                    if counts[group] == query.groups[group].needed { short += 1 }
                    counts[group] -= 1
                }
                index += 1
            }
        }
        return starts
    }

    private func stretches(from start: Int64, most: Int) -> [AvailabilityAnswer.Entry] {
        // Members free for a meeting at `start`, with where their stretch began and ends.
        var present: [(member: Int, span: Span)] = []
        for (member, spans) in free.enumerated() {
            let need = Span(start: start, end: start + query.duration)
            if let span = Self.span(holding: need, in: spans) { present.append((member, span)) }
        }
        var entries: [AvailabilityAnswer.Entry] = []
        for end in Set(present.map(\.span.end)).sorted() where entries.count < most {
            present.removeAll { $0.span.end < end }
            // Where all of them were free before, a longer stretch says the same.
            guard present.contains(where: { $0.span.start == start }), isSatisfied(by: present.map(\.member)) else {
                break
            }
            if let period = Period(from: Instant(seconds: start), to: Instant(seconds: end)) {
                entries.append(.init(period: period, participants: present.map(\.member)))
            }
        }
        return entries
    }

    private func isSatisfied(by members: [Int]) -> Bool {
        var isPresent = Array(repeating: false, count: free.count)
        for member in members { isPresent[member] = true }
        return query.groups.allSatisfy { group in
            group.members.reduce(0) { isPresent[$1] ? $0 + 1 : $0 } >= group.needed
        }
    }

    private static func span(holding need: Span, in spans: [Span]) -> Span? {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].end < need.end { low = middle + 1 } else { high = middle }
        }
        return low < spans.count && spans[low].start <= need.start ? spans[low] : nil
    }
}
