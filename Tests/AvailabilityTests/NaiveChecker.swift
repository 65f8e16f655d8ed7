/// A question in ticks, and its answer by the definition alone: it looks at every tick of every member, and shares
/// nothing with the engine but the question.
struct NaiveChecker {
    struct Person {
        var busy: [(from: Int, to: Int)]
        var open: [(from: Int, to: Int)]?
        var before: Int
        var after: Int
    }
    struct Group {
        var needed: Int
        var members: [Int]
    }

    var people: [Person]
    var groups: [Group]
    var windows: [(from: Int, to: Int)]
    var duration: Int
    /// Ticks looked at; nothing of the question lies beyond.
    var length: Int
    /// Which ticks are on the grid.
    var isOnGrid: [Bool]

    private var isWindow: [Bool] = []
    /// Per person, per tick: neither busy nor within a buffer.
    private var isQuiet: [[Bool]] = []
    private var isOpen: [[Bool]] = []

    init(
        people: [Person], groups: [Group], windows: [(from: Int, to: Int)], duration: Int, length: Int,
        isOnGrid: [Bool]
    ) {
        (self.people, self.groups, self.windows) = (people, groups, windows)
        (self.duration, self.length, self.isOnGrid) = (duration, length, isOnGrid)
        isWindow = (0..<length).map { tick in windows.contains { $0.from <= tick && tick < $0.to } }
        for person in people {
            var quiet = Array(repeating: true, count: length)
            for span in person.busy where span.from < span.to {
                var tick = span.from - person.after
                while tick < span.to + person.before {
                    if tick >= 0, tick < length { quiet[tick] = false }
                    tick += 1
                }
            }
            isQuiet.append(quiet)
            isOpen.append(
                (0..<length).map { tick in person.open?.contains { $0.from <= tick && tick < $0.to } ?? true })
        }
    }

    func isInWindows(_ start: Int) -> Bool { throughout(start, start + duration) { isWindow[$0] } }
    func isOpenFor(_ member: Int, _ start: Int) -> Bool {
        throughout(start, start + duration) { isOpen[member][$0] }
    }
    func isFree(_ member: Int, _ start: Int) -> Bool { isFree(member, start, start + duration) }

    func isFree(_ member: Int, _ start: Int, _ end: Int) -> Bool {
        throughout(start, end) { isWindow[$0] && isQuiet[member][$0] && isOpen[member][$0] }
    }

    private func throughout(_ start: Int, _ end: Int, _ holds: (Int) -> Bool) -> Bool {
        guard start >= 0, end <= length else { return false }
        var tick = start
        while tick < end {
            if !holds(tick) { return false }
            tick += 1
        }
        return true
    }

    func available(_ group: Int, _ start: Int) -> Int { groups[group].members.filter { isFree($0, start) }.count }

    func isPossible(_ start: Int) -> Bool {
        isInWindows(start) && groups.indices.allSatisfy { available($0, start) >= groups[$0].needed }
    }

    var asked: [Int] { people.indices.filter { member in groups.contains { $0.members.contains(member) } } }

    func overlappingSlots() -> [Int] { (0..<length).filter { isOnGrid[$0] && isPossible($0) } }

    func slots() -> [Int] {
        var (found, earliest) = ([Int](), 0)
        for start in overlappingSlots() where start >= earliest {
            found.append(start)
            earliest = start + duration
        }
        return found
    }

    struct Stretch: Hashable {
        var from: Int
        var to: Int
        var members: [Int]
    }

    /// Stretches no longer one of which has as many members.
    func periods() -> [Stretch] {
        var found: [Stretch] = []
        for from in 0..<length {
            for to in stride(from: from + duration, through: length, by: 1) {
                let members = asked.filter { isFree($0, from, to) }
                let isEnough = groups.allSatisfy { group in
                    group.members.filter(members.contains).count >= group.needed
                }
                guard isEnough, !members.isEmpty else { break }
                let isLongest =
                    !members.allSatisfy { isFree($0, from - 1, to) }
                    && !members.allSatisfy { isFree($0, from, to + 1) }
                if isLongest { found.append(Stretch(from: from, to: to, members: members)) }
            }
        }
        return found
    }
}
