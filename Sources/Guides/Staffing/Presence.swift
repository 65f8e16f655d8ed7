public import CivilTime

/// When a guide is there at all, before anything blocks.
public enum Presence: Hashable, Sendable {
    case always
    /// Sorted, disjoint and not touching: a trip must lie within one of them.
    case within([Period])

    /// Days in which a guide is there, or is not, against the default.
    public struct Season: Hashable, Sendable {
        public var firstDay, lastDay: CivilDate
        public var isAvailable: Bool

        public init(firstDay: CivilDate, lastDay: CivilDate, isAvailable: Bool) {
            (self.firstDay, self.lastDay, self.isAvailable) = (firstDay, lastDay, isAvailable)
        }
    }

    /// - Parameters:
    ///   - isAvailable: whether the guide is there on days that no season names.
    ///   - seasons: of those that name the same day, the one that begins last counts.
    ///   - opened: rows that open time whatever the season says.
    ///   - zone: whose days the seasons mean.
    public init(byDefault isAvailable: Bool, seasons: [Season], opened: [Period] = [], in zone: Zone) {
        guard !isAvailable || seasons.contains(where: { !$0.isAvailable }) else {
            self = .always
            return
        }
        // Between the days at which anything changes, one answer holds.
        let beyond = seasons.compactMap { $0.lastDay.adding(days: 1) }
        let changes = Set(seasons.map(\.firstDay) + beyond).sorted()
        var open = opened
        func add(_ start: Instant, _ end: Instant) {
            if let period = Period(from: start, to: end) { open.append(period) }
        }
        func midnight(_ day: CivilDate) -> Instant {
            CivilDateTime(date: day, secondOfDay: 0).map(zone.instant) ?? .distantFuture
        }
        if isAvailable, let first = changes.first { add(.distantPast, midnight(first)) }
        for (index, day) in changes.enumerated() {
            let names = seasons.filter { $0.firstDay <= day && $0.lastDay >= day }
            guard names.max(by: { $0.firstDay < $1.firstDay })?.isAvailable ?? isAvailable else {
                continue
            }
            add(midnight(day), index + 1 < changes.count ? midnight(changes[index + 1]) : .distantFuture)
        }
        self = .within(Self.joined(open))
    }

    /// The first part of `period` in which the guide is not there.
    func missing(in period: Period) -> Period? {
        guard case .within(let open) = self else { return nil }
        var (low, high) = (0, open.count)
        while low < high {
            let middle = (low + high) / 2
            if open[middle].end <= period.start { low = middle + 1 } else { high = middle }
        }
        guard low < open.count, open[low].start <= period.start else {
            let end = low < open.count ? min(open[low].start, period.end) : period.end
            return Period(from: period.start, to: end)
        }
        let next = low + 1 < open.count ? min(open[low + 1].start, period.end) : period.end
        return Period(from: open[low].end, to: next)
    }

    private static func joined(_ periods: [Period]) -> [Period] {
        var all: [Period] = []
        for period in periods.sorted(by: { $0.start < $1.start }) {
            if let last = all.last, period.start <= last.end {
                all[all.count - 1] = Period(from: last.start, to: max(last.end, period.end)) ?? last
            } else {
                all.append(period)
            }
        }
        return all
    }
}

extension Instant {
    fileprivate static let distantPast = Instant(seconds: .min)
    fileprivate static let distantFuture = Instant(seconds: .max)
}
