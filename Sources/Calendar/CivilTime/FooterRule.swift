/// The rule of a TZif footer: a POSIX TZ string (IEEE 1003.1 §8.3, with the hours beyond 24 of RFC 9636 §3.3.1).
struct FooterRule: Hashable, Sendable {
    /// Seconds east of UTC.
    let standard: Int32
    let daylight: Daylight?

    struct Daylight: Hashable, Sendable {
        let offset: Int32
        let start, end: Change
    }

    /// When clocks change: a day of the year, and seconds after its midnight on the wall (may be negative or over a day).
    struct Change: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            /// `Jn`: 1 to 365, 29 February never counted.
            case withoutLeap(Int)
            /// `n`: 0 to 365.
            case ofYear(Int)
            /// `Mm.w.d`: weekday `d` of week `w` (5 is the last) of month `m`.
            case ofMonth(Int, week: Int, weekday: Int)
        }
        let day: Day
        let time: Int64
    }

    /// Goes on where the file ends, for 400 years and a few; where the file has no transitions, from the first year on.
    func extend(_ table: inout TransitionTable, after last: Int64?) {
        let from = last.map { CivilDateTime(wallSeconds: $0)?.date.year ?? ($0 < 0 ? 1 : 9999) } ?? 1
        // The footer must agree with the last type of the file (RFC 9636 §3.3), so nothing changes at `last` itself.
        for change in changes(from: from - 1, through: max(from + 403, Self.knownUntil)) {
            if let last, change.time <= last { continue }
            table.append(at: change.time, offset: change.offset)
        }
    }

    /// At least until then, so that tables of zones that behave alike are equal wherever their files end.
    private static let knownUntil = 2500

    /// Ascending. Where summer time would end at or after it begins again, it never ends (RFC 9636 §3.3.1).
    private func changes(from first: Int, through last: Int) -> [(time: Int64, offset: Int32)] {
        guard let daylight else { return [] }
        func start(_ year: Int) -> Int64? { daylight.start.wallSeconds(in: year).map { $0 - Int64(standard) } }
        var changes: [(time: Int64, offset: Int32)] = []
        for year in max(first, 1)...max(min(last, 9999), 1) {
            guard let begin = start(year), let end = daylight.end.wallSeconds(in: year) else { continue }
            changes.append((begin, daylight.offset))
            let finish = end - Int64(daylight.offset)
            // South of the equator the year's end comes first: what ends there began a year ago.
            let next = begin < finish ? start(year + 1) : begin
            if next.map({ finish < $0 }) ?? true { changes.append((finish, standard)) }
        }
        return changes.sorted { $0.time < $1.time }
    }
}

extension FooterRule.Change {
    /// The moment of the change in `year` as seconds on the wall; nil at the edge of the calendar.
    fileprivate func wallSeconds(in year: Int) -> Int64? {
        guard let date = date(in: year) else { return nil }
        return Int64(date.dayNumber) * 86_400 + time
    }

    private func date(in year: Int) -> CivilDate? {
        switch day {
        case .ofYear(let index): return CivilDate(year: year, month: 1, day: 1)?.adding(days: index)
        case .withoutLeap(let number):
            let leapDay = number >= 60 && CivilDate.isLeap(year) ? 1 : 0
            return CivilDate(year: year, month: 1, day: 1)?.adding(days: number - 1 + leapDay)
        case .ofMonth(let month, let week, let weekday):
            guard let first = CivilDate(year: year, month: month, day: 1) else { return nil }
            var day = 1 + (weekday - first.weekday.rawValue + 7) % 7 + (week - 1) * 7
            while day > CivilDate.days(inMonth: month, of: year) { day -= 7 }
            return CivilDate(year: year, month: month, day: day)
        }
    }
}

extension FooterRule {
    /// Nil where `text` is not a TZ string.
    init?(parsing text: some Collection<UInt8>) {
        var scanner = FooterScanner(bytes: Array(text))
        guard scanner.skipName(), let west = scanner.time(limit: 24) else { return nil }
        standard = Int32(-west)
        guard !scanner.isAtEnd else {
            daylight = nil
            return
        }
        guard scanner.skipName() else { return nil }
        var offset = standard + 3600
        if !scanner.isNext(","), let own = scanner.time(limit: 24) { offset = Int32(-own) }
        guard let start = scanner.change(), let end = scanner.change(), scanner.isAtEnd else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }
}

/// Reads a TZ string byte by byte. Numbers have at most three digits, so no sum can overflow.
private struct FooterScanner {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    func isNext(_ character: Unicode.Scalar) -> Bool {
        position < bytes.count && bytes[position] == UInt8(ascii: character)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard isNext(character) else { return false }
        position += 1
        return true
    }

    /// `ABC` or `<+03>`.
    mutating func skipName() -> Bool {
        let start = position
        if take("<") {
            while position < bytes.count, !isNext(">") { position += 1 }
            return take(">")
        }
        while position < bytes.count, (65...90).contains(bytes[position] & 0xdf) { position += 1 }
        return position - start >= 3
    }

    private mutating func number() -> Int64? {
        var value: Int64?
        var digits = 0
        while position < bytes.count, (48...57).contains(bytes[position]) {
            guard digits < 3 else { return nil }
            value = (value ?? 0) * 10 + Int64(bytes[position] - 48)
            digits += 1
            position += 1
        }
        return value
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(limit: Int64) -> Int64? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hours = number(), hours <= limit else { return nil }
        var seconds = hours * 3600
        if take(":") {
            guard let minutes = number(), minutes < 60 else { return nil }
            seconds += minutes * 60
            if take(":") {
                guard let rest = number(), rest < 60 else { return nil }
                seconds += rest
            }
        }
        return isNegative ? -seconds : seconds
    }

    /// `,date[/time]`; the time is 02:00 where it is left out.
    mutating func change() -> FooterRule.Change? {
        guard take(","), let day = day() else { return nil }
        guard take("/") else { return .init(day: day, time: 7200) }
        guard let time = time(limit: 167) else { return nil }
        return .init(day: day, time: time)
    }

    private mutating func day() -> FooterRule.Change.Day? {
        if take("M") {
            guard let month = number(), (1...12).contains(month), take("."), let week = number(),
                (1...5).contains(week), take("."), let weekday = number(), (0...6).contains(weekday)
            else { return nil }
            return .ofMonth(Int(month), week: Int(week), weekday: Int(weekday))
        }
        if take("J") {
            guard let number = number(), (1...365).contains(number) else { return nil }
            return .withoutLeap(Int(number))
        }
        guard let number = number(), number <= 365 else { return nil }
        return .ofYear(Int(number))
    }
}
