/// The offsets from UTC that hold in one place, as a table of transitions. Looking up an instant is a binary search.
/// Beyond the table the rule of the TZif footer applies (RFC 9636 §3.3).
public final class Zone: Sendable {
    public let id: ZoneID
    /// Instants at which the offset changes, ascending, and the offset from each on; `offsets` begins with the one
    /// before the first transition, so it has one more.
    let transitions: [Int64]
    let offsets: [Int32]
    let footer: FooterRule?

    init(id: ZoneID, transitions: [Int64], offsets: [Int32], footer: FooterRule?) {
        (self.id, self.transitions, self.offsets, self.footer) = (id, transitions, offsets, footer)
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
        if let footer, instant.seconds >= transitions.last ?? .min { return footer.offset(at: instant.seconds) }
        return offsets[index(of: instant.seconds)]
    }

    /// What the clock on the wall shows at `instant`; the edge of the calendar where `instant` is outside it.
    public func civil(at instant: Instant) -> CivilDateTime {
        let wall = instant.seconds.addingReportingOverflow(Int64(offset(at: instant)))
        return CivilDateTime(wallSeconds: wall.partialValue) ?? CivilDateTime.limit(isPast: instant.seconds < 0)
    }

    /// Which instants show `time` on the wall.
    public func resolve(_ time: CivilDateTime) -> LocalTime {
        let wall = time.wallSeconds
        // Offsets are below 26 hours, so every offset that can matter holds within 30 hours of the wall time as UTC.
        let early = offset(at: Instant(seconds: wall - 108_000))
        let late = offset(at: Instant(seconds: wall + 108_000))
        let candidates = early == late && isQuiet(around: wall) ? [early] : distinctOffsets(around: wall)
        let fits = candidates.filter { offset(at: Instant(seconds: wall - Int64($0))) == $0 }
            .map { Instant(seconds: wall - Int64($0)) }.sorted()
        guard let first = fits.first, let last = fits.last else {
            // Clocks go forward from a to b at T, and T lies within (wall - b, wall - a]: before it, a holds.
            let ahead = candidates.max() ?? early
            return .gap(offsetBefore: offset(at: Instant(seconds: wall - Int64(ahead))))
        }
        return first == last ? .unique(first) : .fold(earlier: first, later: last)
    }

    /// The instant of `time`: the first of two in a fold; in a gap, `time` read with the offset before it
    /// (RFC 5545 §3.3.5).
    public func instant(of time: CivilDateTime) -> Instant {
        switch resolve(time) {
        case .unique(let instant), .fold(let instant, _): instant
        case .gap(let offset): Instant(seconds: time.wallSeconds - Int64(offset))
        }
    }

    /// The first transition after `instant`, or nil where there is none before `limit`.
    public func nextTransition(after instant: Instant, before limit: Instant) -> Instant? {
        var low = instant.seconds
        if let index = transitions.firstIndex(where: { $0 > low }), transitions[index] < limit.seconds {
            return Instant(seconds: transitions[index])
        }
        guard footer?.daylight != nil else { return nil }
        low = max(low, transitions.last ?? low)
        // Rules change the offset at most a few times a year: step by days, then search the second.
        var day = low
        while day < limit.seconds {
            let next = day + 86_400
            if offset(at: Instant(seconds: next)) != offset(at: Instant(seconds: day)) {
                return Instant(seconds: changePoint(from: day, to: next))
            }
            day = next
        }
        return nil
    }

    private func changePoint(from start: Int64, to end: Int64) -> Int64 {
        var (low, high) = (start, end)
        let before = offset(at: Instant(seconds: low))
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: Instant(seconds: middle)) == before { low = middle } else { high = middle }
        }
        return high
    }

    /// The index into `offsets` that holds at `seconds`.
    private func index(of seconds: Int64) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func isQuiet(around wall: Int64) -> Bool {
        footer == nil || wall + 108_000 < transitions.last ?? .min
            ? index(of: wall - 108_000) == index(of: wall + 108_000) : false
    }

    /// Every offset that holds at some hour around `wall`.
    private func distinctOffsets(around wall: Int64) -> [Int32] {
        var found: [Int32] = []
        for hour in -30...30 {
            let offset = offset(at: Instant(seconds: wall + Int64(hour) * 3600))
            if !found.contains(offset) { found.append(offset) }
        }
        return found
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
        left === right
            || left.id == right.id && left.offsets == right.offsets && left.transitions == right.transitions
                && left.footer == right.footer
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
    public var summary: [Int64] { transitions + offsets.map(Int64.init) }
}
