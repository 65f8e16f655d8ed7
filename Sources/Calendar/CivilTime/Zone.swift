/// The offsets from UTC that hold in one place, as a table of transitions. Looking up an instant is a binary search.
/// Beyond the table the rule of the TZif footer applies (RFC 9636 §3.3).
public final class Zone: Sendable {
    public let id: ZoneID
    /// Every change of the offset: of the file, and where a footer goes on, of the years until `tableEnd`.
    let table: TransitionTable
    /// Holds from the end of the table on.
    let footer: FooterRule?

    /// The year until which a footer is worked out beforehand; later years are worked out when asked for.
    static let tableEnd = 2100

    init(id: ZoneID, transitions: [Int64], offsets: [Int32], footer: FooterRule?) {
        var table = TransitionTable(first: offsets.first ?? 0)
        for (time, offset) in zip(transitions, offsets.dropFirst()) { table.append(at: time, offset: offset) }
        if let footer { footer.extend(&table, after: transitions.last, until: Self.tableEnd) }
        (self.id, self.table, self.footer) = (id, table, footer?.daylight == nil ? nil : footer)
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
        let seconds = instant.seconds
        if let footer, seconds >= table.end { return footer.table(around: seconds).offset(at: seconds) }
        return table.offset(at: seconds)
    }

    /// What the clock on the wall shows at `instant`; the edge of the calendar where `instant` is outside it.
    public func civil(at instant: Instant) -> CivilDateTime {
        let wall = instant.seconds.addingReportingOverflow(Int64(offset(at: instant)))
        return CivilDateTime(wallSeconds: wall.partialValue) ?? CivilDateTime.limit(isPast: instant.seconds < 0)
    }

    /// Which instants show `time` on the wall.
    public func resolve(_ time: CivilDateTime) -> LocalTime {
        let wall = time.wallSeconds
        return table(around: wall).resolve(wall)
    }

    /// The instant of `time`: the first of two in a fold; in a gap, `time` read with the offset before it
    /// (RFC 5545 §3.3.5).
    public func instant(of time: CivilDateTime) -> Instant {
        let wall = time.wallSeconds
        return Instant(seconds: wall - Int64(table(around: wall).span(atWall: wall).offset))
    }

    /// The first transition after `instant`, or nil where there is none before `limit`.
    public func nextTransition(after instant: Instant, before limit: Instant) -> Instant? {
        if let time = table.transition(after: instant.seconds) {
            return time < limit.seconds ? Instant(seconds: time) : nil
        }
        guard let footer else { return nil }
        // A footer's years are alike: what the two that follow do not change is never changed.
        let later = footer.table(around: max(instant.seconds, table.end)).transition(after: instant.seconds)
        return later.flatMap { $0 < limit.seconds ? Instant(seconds: $0) : nil }
    }

    /// The stretch of wall-clock time around `wall` that one offset turns into instants. O(log n) in transitions.
    public func span(atWall wall: Int64) -> OffsetSpan { table(around: wall).span(atWall: wall) }

    /// The transitions that can matter within two days of `seconds`, by UTC or on the wall.
    private func table(around seconds: Int64) -> TransitionTable {
        // Offsets are below 26 hours: two days before the table's end nothing of the footer can matter.
        if let footer, seconds >= table.end.saturatingSubtracting(172_800) {
            return footer.table(around: seconds)
        }
        return table
    }
}

/// The instants that show a civil time in a zone.
public enum LocalTime: Hashable, Sendable {
    case unique(Instant)
    /// Clocks were set forward over it: it was never shown.
    case gap(offsetBefore: Int32)
    /// Clocks were set back: it was shown twice.
    case fold(earlier: Instant, later: Instant)
}

extension Zone: Hashable {
    public static func == (left: Zone, right: Zone) -> Bool {
        left === right || left.id == right.id && left.table == right.table && left.footer == right.footer
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
    /// Transitions and offsets as numbers: equal for zones that behave alike.
    public var summary: [Int64] { table.times + table.offsets.map(Int64.init) }
}

extension Int64 {
    func saturatingSubtracting(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? .min : difference
    }
}
