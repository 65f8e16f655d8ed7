import CivilTime
import Trips

/// Times as people read them. Every time names its zone: by its city, which is short and is what people say.
struct TimeWords: Sendable {
    let zone: Zone

    /// `Denver`, of `America/Denver`.
    var city: String {
        let name = zone.id.name.split(separator: "/").last.map(String.init) ?? zone.id.name
        return name.split(separator: "_").joined(separator: " ")
    }

    /// `Fri 3 Jul 2026`.
    static func day(_ day: CivilDate) -> String {
        "\(weekdays[day.weekday.rawValue % 7]) \(day.day) \(months[day.month - 1]) \(day.year)"
    }

    /// `3 Jul`.
    static func short(_ day: CivilDate) -> String { "\(day.day) \(months[day.month - 1])" }

    /// `2026-07-03`, as forms and addresses carry it.
    static func iso(_ day: CivilDate) -> String { "\(day.year)-\(two(day.month))-\(two(day.day))" }

    static func date(iso text: String?) -> CivilDate? {
        let parts = (text ?? "").split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2])
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// `14:05`, of a clock.
    static func clock(_ second: Int32) -> String { "\(two(Int(second) / 3600)):\(two(Int(second) / 60 % 60))" }

    /// Seconds of the day of `14:05`.
    static func second(clock text: String?) -> Int32? {
        let parts = (text ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = Int32(parts[0]), let minute = Int32(parts[1]),
            (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        return hour * 3600 + minute * 60
    }

    /// `Fri 3 Jul 2026, 14:05 Denver`.
    func moment(_ instant: Instant) -> String {
        let civil = zone.civil(at: instant)
        return "\(Self.day(civil.date)), \(Self.clock(civil.secondOfDay)) \(city)"
    }

    /// `Fri 3 Jul 2026, 08:00 to 12:30 Denver`, or with both days.
    func span(_ period: Period) -> String {
        let (first, last) = (zone.civil(at: period.start), zone.civil(at: period.end))
        guard first.date != last.date else {
            return
                "\(Self.day(first.date)), \(Self.clock(first.secondOfDay)) to \(Self.clock(last.secondOfDay)) \(city)"
        }
        return """
            \(Self.day(first.date)), \(Self.clock(first.secondOfDay)) to \(Self.day(last.date)), \
            \(Self.clock(last.secondOfDay)) \(city)
            """
    }

    /// `12 min ago`.
    static func age(_ seconds: Int64) -> String {
        switch max(seconds, 0) {
        case ..<60: "just now"
        case ..<3600: "\(seconds / 60) min ago"
        case ..<86_400: "\(seconds / 3600) h ago"
        default: "\(seconds / 86_400) d ago"
        }
    }

    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    static let longMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    /// Weekdays by `Weekday.rawValue % 7`.
    static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// A month of a page's address, `2026-07`.
struct MonthName: Hashable, Sendable {
    let year, month: Int

    init(containing day: CivilDate) { (year, month) = (day.year, day.month) }

    init?(_ text: String?) {
        let parts = (text ?? "").split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, let year = Int(parts[0]), let month = Int(parts[1]),
            (1970...2200).contains(year), (1...12).contains(month)
        else { return nil }
        (self.year, self.month) = (year, month)
    }

    /// Its first day.
    var first: CivilDate {
        // Every year from 1970 to 2200, and the few months that steps lead beyond, has its months' first days.
        CivilDate(year: year, month: month, day: 1)!
    }

    private init(index: Int) { (year, month) = (index / 12, index % 12 + 1) }

    func adding(_ months: Int) -> MonthName { MonthName(index: year * 12 + month - 1 + months) }

    var text: String { "\(year)-\(TimeWords.two(month))" }
    var words: String { "\(TimeWords.longMonths[month - 1]) \(year)" }
}
