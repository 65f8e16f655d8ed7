internal import CivilTime
internal import CronofyWire

/// The days that a `patternedRecurrence` names, found by looking at one day after another.
struct PatternDays {
    private let type: String
    private let interval, dayOfMonth, month: Int
    private let days: Set<String>
    private let index: String
    private let weekStart: Int
    let start: CivilDate
    private let last: CivilDate?
    private let count: Int?
    /// Days looked at, from the start on: 20 years.
    private static let most = 7305
    static let names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    /// Nil where it is not a recurrence that Graph takes.
    init?(_ json: JSONValue) {
        guard let pattern = json["pattern"], let range = json["range"], case .string(let type)? = pattern["type"],
            case .string(let first)? = range["startDate"], let start = CivilDate(extended: first)
        else { return nil }
        func number(_ name: String) -> Int {
            if case .integer(let number)? = pattern[name], (1...999).contains(number) { Int(number) } else { 1 }
        }
        (self.type, self.start) = (type, start)
        (interval, dayOfMonth, month) = (number("interval"), number("dayOfMonth"), number("month"))
        if case .array(let values)? = pattern["daysOfWeek"] {
            days = Set(values.compactMap { if case .string(let day) = $0 { day.lowercased() } else { nil } })
        } else {
            days = []
        }
        if case .string(let word)? = pattern["index"] { index = word } else { index = "first" }
        if case .string(let word)? = pattern["firstDayOfWeek"] {
            weekStart = Self.names.firstIndex(of: word.lowercased()) ?? 0
        } else {
            weekStart = 0
        }
        switch range["type"] {
        case .string("endDate"):
            guard case .string(let text)? = range["endDate"], let date = CivilDate(extended: text) else { return nil }
            (last, count) = (date, nil)
        case .string("numbered"):
            guard case .integer(let number)? = range["numberOfOccurrences"], (1...9999).contains(number) else {
                return nil
            }
            (last, count) = (nil, Int(number))
        case .string("noEnd"): (last, count) = (nil, nil)
        default: return nil
        }
    }

    /// Those up to `limit`, earliest first.
    func dates(through limit: CivilDate) -> [CivilDate] {
        var found: [CivilDate] = []
        for offset in 0..<Self.most {
            guard let date = start.adding(days: offset), date <= min(limit, last ?? limit) else { break }
            if found.count == count ?? .max { break }
            if names(date) { found.append(date) }
        }
        return found
    }

    private func names(_ date: CivilDate) -> Bool {
        let months = (date.year - start.year) * 12 + date.month - start.month
        let isInMonth = type.hasSuffix("Yearly") ? date.month == month : true
        let step = type.hasSuffix("Yearly") ? interval * 12 : interval
        let isMonth =
            isInMonth && (type.hasSuffix("Yearly") ? (date.year - start.year) % interval == 0 : months % step == 0)
        switch type {
        case "daily": return Int(date.dayNumber - start.dayNumber) % interval == 0
        case "weekly":
            let begin = Int(start.dayNumber) - (start.weekday.rawValue - weekStart + 7) % 7
            return (Int(date.dayNumber) - begin) / 7 % interval == 0 && isDay(date)
        case "absoluteMonthly", "absoluteYearly":
            return isMonth && date.day == min(dayOfMonth, CivilDate.days(inMonth: date.month, of: date.year))
        case "relativeMonthly", "relativeYearly": return isMonth && isAtIndex(date)
        default: return false
        }
    }

    private func isDay(_ date: CivilDate) -> Bool { days.contains(Self.names[date.weekday.rawValue]) }

    private func isAtIndex(_ date: CivilDate) -> Bool {
        guard isDay(date) else { return false }
        let all = (1...CivilDate.days(inMonth: date.month, of: date.year)).filter { day in
            CivilDate(year: date.year, month: date.month, day: day).map(isDay) ?? false
        }
        guard let place = all.firstIndex(of: date.day) else { return false }
        return index == "last"
            ? place == all.count - 1 : ["first", "second", "third", "fourth"].firstIndex(of: index) == place
    }
}
