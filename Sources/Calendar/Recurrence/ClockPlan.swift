import CivilTime

/// Which times of a day a rule names, by BYHOUR, BYMINUTE and BYSECOND, and by its start where those are left out.
struct ClockPlan: Sendable {
    /// Seconds of the day, ascending, where every day has the same; otherwise empty.
    private(set) var everyDay: [Int32] = []
    /// Seconds between the units of a rule finer than a day whose days differ; 0 where they are all alike.
    private(set) var step: Int64 = 0
    /// Wall seconds at which the unit that holds the start begins.
    private let anchor: Int64
    private let frequency: RecurrenceRule.Frequency
    private let hours: UInt64
    private let minutes: UInt64
    private let seconds: UInt64
    /// Within one unit, BYSETPOS applied.
    private var offsets: [Int32] = []
    /// The start is a date: a day that holds a unit is named once, without a time.
    private let isOfDates: Bool

    init(rule: RecurrenceRule, start: Int64, isOfDates: Bool) {
        self.isOfDates = isOfDates
        let second = Int(start - start.flooredDivision(by: 86_400) * 86_400)
        frequency = rule.frequency
        func mask(_ values: [Int], _ all: Int) -> UInt64 {
            values.isEmpty ? (1 << UInt64(all)) - 1 : values.reduce(0) { $0 | 1 << UInt64(min($1, all - 1)) }
        }
        hours = mask(rule.byHour, 24)
        minutes = mask(rule.byMinute, 60)
        // A leap second reads as the one before it (RFC 5545 §3.3.12).
        seconds = mask(rule.bySecond, 60)
        let ownMinutes = rule.byMinute.isEmpty ? [second / 60 % 60] : rule.byMinute
        let ownSeconds = rule.bySecond.isEmpty ? [second % 60] : Set(rule.bySecond.map { min($0, 59) }).sorted()
        let unit: Int64
        switch rule.frequency {
        case .secondly: (unit, offsets) = (1, [0])
        case .minutely: (unit, offsets) = (60, ownSeconds.map(Int32.init))
        case .hourly: (unit, offsets) = (3600, Self.product(ownMinutes, ownSeconds, 60))
        default:
            anchor = start
            let hours = rule.byHour.isEmpty ? [second / 3600] : rule.byHour
            everyDay = Self.product(hours, Self.product(ownMinutes, ownSeconds, 60).map(Int.init), 3600)
            if rule.frequency == .daily { everyDay = rule.selecting(from: everyDay) }
            return
        }
        offsets = rule.selecting(from: offsets)
        anchor = start.flooredDivision(by: unit) * unit
        step = unit * Int64(rule.interval)
        guard 86_400 % step == 0 else { return }
        everyDay = times(onDay: anchor.flooredDivision(by: 86_400))
        step = 0
    }

    private static func product(_ outer: [Int], _ inner: [Int], _ factor: Int) -> [Int32] {
        outer.flatMap { high in inner.map { Int32(high * factor + $0) } }
    }

    /// The first day at or after `day` on which a unit begins.
    func day(atOrAfter day: Int64) -> Int64 { unit(atOrAfter: day * 86_400).flooredDivision(by: 86_400) }

    private func unit(atOrAfter wall: Int64) -> Int64 {
        anchor + (wall - anchor + step - 1).flooredDivision(by: step) * step
    }

    /// The times of the units that begin on `day`, ascending, as seconds of it.
    func times(onDay day: Int64) -> [Int32] {
        var times: [Int32] = []
        let midnight = day * 86_400
        var second = unit(atOrAfter: midnight) - midnight
        if isOfDates { return second < 86_400 ? offsets : [] }
        while second < 86_400 {
            let hour = second / 3600
            guard hours >> UInt64(hour) & 1 == 1 else {
                second = unit(atOrAfter: midnight + (hour + 1) * 3600) - midnight
                continue
            }
            if admits(second) { for offset in offsets { times.append(Int32(second) + offset) } }
            second += step
        }
        return times
    }

    private func admits(_ second: Int64) -> Bool {
        switch frequency {
        case .hourly: true
        case .minutely: minutes >> UInt64(second / 60 % 60) & 1 == 1
        default: minutes >> UInt64(second / 60 % 60) & seconds >> UInt64(second % 60) & 1 == 1
        }
    }
}

extension RecurrenceRule {
    /// What BYSETPOS leaves of the times of one interval; all where the rule has none.
    func selecting(from times: [Int32]) -> [Int32] {
        guard !bySetPosition.isEmpty else { return times }
        return setPositions(among: times.count).map { times[$0] }
    }

    /// The places that BYSETPOS names among `count`, ascending, each once.
    func setPositions(among count: Int) -> [Int] {
        var places: [Int] = []
        for position in bySetPosition {
            let place = position > 0 ? position - 1 : count + position
            if (0..<count).contains(place) { places.append(place) }
        }
        places.sort()
        var kept = 0
        for place in places where kept == 0 || places[kept - 1] != place {
            places[kept] = place
            kept += 1
        }
        places.removeLast(places.count - kept)
        return places
    }
}
