import CivilTime

/// A day of a zone as its clocks show it. Where clocks change, the day falls into stretches whose wall times leave a
/// gap or run twice; each stretch is even in itself.
struct DayFrame: Hashable, Sendable {
    let date: CivilDate
    let start, end: Instant
    let stretches: [Stretch]

    struct Stretch: Hashable, Sendable {
        let start, end: Instant
        /// What the clock shows at `start`, in seconds after midnight.
        let wall: Int64
        let offset: Int32

        /// Seconds after midnight on the wall at `instant`, which lies in this stretch.
        func wall(at instant: Instant) -> Int64 { wall + instant.seconds - start.seconds }
    }

    /// Nil for the last day of the calendar.
    init?(_ date: CivilDate, in zone: Zone) {
        guard let next = date.adding(days: 1) else { return nil }
        self.date = date
        (start, end) = (zone.instant(of: date.midnight), zone.instant(of: next.midnight))
        var found: [Stretch] = []
        var from = start
        // A day holds one change of clocks, seldom two; the bound keeps even absurd data finite.
        while from < end, found.count < 8 {
            let to = zone.nextTransition(after: from, before: end) ?? end
            found.append(
                Stretch(
                    start: from, end: to, wall: Int64(zone.civil(at: from).secondOfDay),
                    offset: zone.offset(at: from)))
            from = to
        }
        stretches = found
    }

    /// Seconds of the day: 86 400, but for days on which clocks change.
    var length: Int64 { end.seconds - start.seconds }

    /// Wall times, in seconds after midnight, that this day does not have.
    var skipped: [Range<Int64>] {
        guard let first = stretches.first else { return [0..<86_400] }
        var found: [Range<Int64>] = first.wall > 0 ? [0..<first.wall] : []
        for (left, right) in zip(stretches, stretches.dropFirst()) {
            let end = left.wall(at: left.end)
            if end < right.wall { found.append(end..<right.wall) }
        }
        return found
    }

    /// A sentence on days that are not 24 hours long.
    var note: String? {
        guard length != 86_400 else { return nil }
        guard length > 0 else { return "This day was skipped here." }
        let minutes = length / 60
        let hours = minutes % 60 == 0 ? "\(minutes / 60)" : "\(minutes / 60):" + CivilWords.two(Int(minutes % 60))
        return "\(hours) hours: clocks go \(length < 86_400 ? "forward" : "back")."
    }

    /// Whether the clock shows `instant`'s time twice on this day.
    func isAmbiguous(_ wall: Int64) -> Bool {
        stretches.count { $0.wall <= wall && wall < $0.wall(at: $0.end) } > 1
    }
}
