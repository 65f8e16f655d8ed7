/// The offsets from UTC that hold in one place, as a table of transitions. Looking up an instant is a binary search.
/// Beyond the file the rule of the TZif footer applies (RFC 9636 §3.3). It is worked out for 400 years, after which the
/// Gregorian calendar begins again, weekdays included: later times are looked up as many times 400 years earlier.
public final class Zone: Sendable {
    public let id: ZoneID
    /// Every change of the offset: of the file, and of the years of its footer.
    let table: TransitionTable
    /// Seconds after which times, by UTC or on the wall, repeat those of 400 years before; `.max` where they do not.
    private let repeatsAfter: Int64

    /// 400 years of 365.2425 days: a whole number of weeks.
    private static let cycle: Int64 = 12_622_780_800

    init(id: ZoneID, transitions: [Int64], offsets: [Int32], footer: FooterRule?) {
        var table = TransitionTable(first: offsets.first ?? 0)
        for (time, offset) in zip(transitions, offsets.dropFirst()) { table.append(at: time, offset: offset) }
        let known = table.times.count
        footer?.extend(&table, after: transitions.last)
        (self.id, self.table) = (id, table)
        // Offsets are below 26 hours: four days inside what the footer brought, nothing at its edges matters.
        let isWhole = known < table.times.count && table.end - table.times[known] >= Self.cycle + 2 * 345_600
        repeatsAfter = isWhole ? table.end - 345_600 : .max
    }

    /// A zone that is always `offset` seconds east of UTC.
    public convenience init(id: ZoneID, fixedOffset offset: Int32) {
        self.init(id: id, transitions: [], offsets: [offset], footer: nil)
    }

    /// A zone from transitions that were worked out elsewhere (a VTIMEZONE). `changes` ascend by instant.
    public convenience init(id: ZoneID, initialOffset: Int32, changes: [(at: Instant, offset: Int32)]) {
        self.init(
            id: id, transitions: changes.map(\.at.seconds), offsets: [initialOffset] + changes.map(\.offset),
            footer: nil)
    }

    public static let utc = Zone(id: .utc, fixedOffset: 0)

    /// Seconds east of UTC at `instant`.
    public func offset(at instant: Instant) -> Int32 {
        table.offset(at: instant.seconds - repetition(at: instant.seconds))
    }

    /// What the clock on the wall shows at `instant`; the edge of the calendar where `instant` is outside it.
    public func civil(at instant: Instant) -> CivilDateTime {
        let wall = instant.seconds.addingReportingOverflow(Int64(offset(at: instant)))
        return CivilDateTime(wallSeconds: wall.partialValue) ?? CivilDateTime.limit(isPast: instant.seconds < 0)
    }

    /// Which instants show `time` on the wall.
    public func resolve(_ time: CivilDateTime) -> LocalTime {
        let wall = time.wallSeconds
        let repetition = repetition(at: wall)
        return table.resolve(wall - repetition).later(by: repetition)
    }

    /// The instant of `time`: the first of two in a fold; in a gap, `time` read with the offset before it
    /// (RFC 5545 §3.3.5).
    public func instant(of time: CivilDateTime) -> Instant {
        let wall = time.wallSeconds
        return Instant(seconds: wall - Int64(table.offset(atWall: wall - repetition(at: wall))))
    }

    /// The first transition after `instant`, or nil where there is none before `limit`.
    public func nextTransition(after instant: Instant, before limit: Instant) -> Instant? {
        let repetition = repetition(at: instant.seconds)
        guard let time = table.transition(after: instant.seconds - repetition) else { return nil }
        return time + repetition < limit.seconds ? Instant(seconds: time + repetition) : nil
    }

    /// The stretch of wall-clock time around `wall` that one offset turns into instants.
    /// - Parameter place: what the last call left there, at first 0: a time soon after the last one is found at once, any
    ///   other in O(log n) of the zone's transitions.
    public func span(atWall wall: Int64, near place: inout Int) -> OffsetSpan {
        let repetition = repetition(at: wall)
        var span = table.span(atWall: wall - repetition, near: &place)
        if repetition > 0 {
            span.start += repetition
            span.end += repetition
            span.gapEnd += repetition
        }
        return span
    }

    /// How much earlier the table has what holds at `seconds`.
    @inline(__always)
    private func repetition(at seconds: Int64) -> Int64 {
        guard seconds > repeatsAfter else { return 0 }
        // Beyond all calendars, where sums would overflow, one offset is as good as another.
        return ((min(seconds, 1 << 60) - repeatsAfter) / Self.cycle + 1) * Self.cycle
    }
}

/// The instants that show a civil time in a zone.
public enum LocalTime: Hashable, Sendable {
    case unique(Instant)
    /// Clocks were set forward over it: it was never shown.
    case gap(offsetBefore: Int32)
    /// Clocks were set back: it was shown twice.
    case fold(earlier: Instant, later: Instant)

    fileprivate func later(by seconds: Int64) -> LocalTime {
        func moved(_ instant: Instant) -> Instant { Instant(seconds: instant.seconds + seconds) }
        return switch self {
        case .unique(let instant): .unique(moved(instant))
        case .gap: self
        case .fold(let earlier, let later): .fold(earlier: moved(earlier), later: moved(later))
        }
    }
}

extension Zone: Hashable {
    public static func == (left: Zone, right: Zone) -> Bool {
        left === right || left.id == right.id && left.table == right.table
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension CivilDateTime {
    /// The first or the last second of the calendar.
    static func limit(isPast: Bool) -> CivilDateTime {
        CivilDateTime(wallSeconds: isPast ? -62_135_596_800 : 253_402_300_799) ?? epoch
    }

    // 1970-01-01 is a day of the calendar.
    private static let epoch = CivilDateTime(wallSeconds: 0)!
}

extension Zone {
    /// Transitions until the year 2100 and offsets as numbers: equal for zones that behave alike.
    public var summary: [Int64] {
        let times = table.times.prefix { $0 < 4_102_444_800 }
        return times + table.offsets.prefix(times.count + 1).map(Int64.init)
    }
}

extension Int64 {
    func saturatingSubtracting(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? .min : difference
    }
}
