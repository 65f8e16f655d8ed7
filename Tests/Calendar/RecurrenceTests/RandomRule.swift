import CivilTime
import Recurrence

/// A rule, a start in a zone and a stretch of time, drawn at random but equal for equal seeds.
struct RandomRule: Sendable, CustomStringConvertible {
    let text: String
    let start: CivilDateTime
    let zone: String
    /// Seconds that the rule is followed.
    let length: Int64

    private static let zones = ["America/Denver", "Europe/Paris", "Australia/Lord_Howe", "Pacific/Apia", "Etc/UTC"]
    private static let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    /// Without an end.
    init?(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let (frequency, days) = [
            ("YEARLY", 20_000), ("MONTHLY", 4_000), ("WEEKLY", 2_000), ("DAILY", 700), ("HOURLY", 40), ("MINUTELY", 2),
            ("SECONDLY", 0),
        ][random.below(7)]
        var parts = ["FREQ=\(frequency)"]
        func list(_ name: String, _ range: ClosedRange<Int>, oneIn chance: Int) {
            guard random.below(chance) == 0 else { return }
            let values = (0...random.below(4)).map { _ in range.lowerBound + random.below(range.count) }
                .filter { $0 != 0 || range.lowerBound == 0 }
            if !values.isEmpty { parts.append("\(name)=" + values.map(String.init).joined(separator: ",")) }
        }
        if random.below(2) == 0 { parts.append("INTERVAL=\(1 + random.below(5))") }
        list("BYMONTH", 1...12, oneIn: 5)
        if frequency == "YEARLY" { list("BYWEEKNO", -53...53, oneIn: 5) }
        if frequency == "YEARLY" { list("BYYEARDAY", -366...366, oneIn: 6) }
        if frequency != "WEEKLY" { list("BYMONTHDAY", -31...31, oneIn: 4) }
        if random.below(3) == 0 {
            let hasOrdinals = frequency == "MONTHLY" && random.below(2) == 0
            let values = (0...random.below(3)).map { _ in
                (hasOrdinals ? "\([-2, -1, 1, 2, 3][random.below(5)])" : "") + Self.days[random.below(7)]
            }
            parts.append("BYDAY=" + values.joined(separator: ","))
        }
        list("BYHOUR", 0...23, oneIn: 5)
        list("BYMINUTE", 0...59, oneIn: 6)
        list("BYSECOND", 0...59, oneIn: 8)
        if parts.count > 2 { list("BYSETPOS", -4...4, oneIn: 4) }
        if random.below(3) == 0 { parts.append("WKST=" + Self.days[random.below(7)]) }
        text = parts.joined(separator: ";")
        zone = Self.zones[random.below(Self.zones.count)]
        length = days == 0 ? 3_600 : Int64(days) * 86_400
        guard
            let date = CivilDate(year: 1990 + random.below(40), month: 1 + random.below(12), day: 1 + random.below(28)),
            let time = CivilDateTime(date: date, secondOfDay: Int32(random.below(86_400)))
        else { return nil }
        start = time
    }

    var description: String { "\(text) from \(start) \(zone)" }

    /// The instants of the rule with `more` parts, in a window of its stretch: all of it where none is given.
    func instants(
        _ more: String = "", interval: Int? = nil, except: [Int64] = [], from: Int64? = nil, until: Int64? = nil
    ) throws -> [Int64] {
        guard let set = try set(more, interval: interval, except: except) else { return [] }
        let first = set.start.instant.seconds
        return try set.starts(
            from: Instant(seconds: from ?? first), until: Instant(seconds: until ?? first + length)
        ).map(\.instant.seconds)
    }

    func set(_ more: String = "", interval: Int? = nil, except: [Int64] = []) throws -> RecurrenceSet? {
        guard let zone = ZoneDatabase.system.zone(ZoneID(zone)) else { return nil }
        var parts = text.split(separator: ";").map(String.init)
        if let interval { parts = parts.filter { !$0.hasPrefix("INTERVAL=") } + ["INTERVAL=\(interval)"] }
        return RecurrenceSet(
            start: .local(start, zone), rules: [try RecurrenceRule(parsing: parts.joined(separator: ";") + more)],
            exceptions: except.map { .utc(Instant(seconds: $0)) })
    }

    var interval: Int {
        text.split(separator: ";").first { $0.hasPrefix("INTERVAL=") }.flatMap { Int($0.dropFirst(9)) } ?? 1
    }
}

/// A small generator of reproducible random numbers (Steele, Lea, Flood: SplitMix64).
struct SplitMix: Sendable {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
