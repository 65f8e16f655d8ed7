// comparison-foundation BEGIN END FILE…: the same by Foundation's Calendar.RecurrenceRule, which reads neither calendar files
// nor rules: DTSTART, RRULE and EXDATE are taken apart here.
import Foundation

@main
struct FoundationComparison {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 3, let begin = date(arguments[1], zone: .gmt), let end = date(arguments[2], zone: .gmt)
        else { exit(64) }
        for path in arguments.dropFirst(3) {
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
            guard lines.count(where: { $0 == "BEGIN:VEVENT" }) == 1 else { refuse("has no overrides") }
            let event = Array(lines.drop { $0 != "BEGIN:VEVENT" })
            print(path, expand(event, from: begin, until: end).joined(separator: " "), separator: "\t")
        }
    }

    private static func refuse(_ text: String) -> Never {
        FileHandle.standardError.write(Data((text + "\n").utf8))
        exit(1)
    }

    private static func expand(_ event: [Substring], from begin: Date, until end: Date) -> [String] {
        func line(_ name: String) -> Substring? { event.first { $0.hasPrefix(name + ":") || $0.hasPrefix(name + ";") } }
        guard line("RDATE") == nil else { refuse("has no RDATE") }
        guard let start = line("DTSTART"), let value = start.split(separator: ":").last.map(String.init) else {
            refuse("no DTSTART")
        }
        var zone = TimeZone.gmt
        if let parameter = start.split(separator: ":").first?.split(separator: ";").first(where: {
            $0.hasPrefix("TZID=")
        }) {
            guard let named = TimeZone(identifier: String(parameter.dropFirst(5))) else {
                refuse("does not know the zone")
            }
            zone = named
        }
        guard let first = date(value, zone: zone), let rule = line("RRULE") else { refuse("no start or rule") }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let excluded = Set(
            event.filter { $0.hasPrefix("EXDATE") }.compactMap { date(String($0.suffix(16)), zone: .gmt) })
        let format = value.count == 8 ? "yyyyMMdd" : "yyyyMMdd'T'HHmmss'Z'"
        return recurrence(String(rule.dropFirst(6)), calendar, zone).recurrences(of: first, in: begin..<end)
            .filter { !excluded.contains($0) }.map { text($0, format) }
    }

    private static func recurrence(_ text: String, _ original: Calendar, _ zone: TimeZone) -> Calendar.RecurrenceRule {
        var parts: [String: [String]] = [:]
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=")
            parts[String(pair[0])] = pair[1].split(separator: ",").map(String.init)
        }
        func numbers(_ name: String) -> [Int] { (parts[name] ?? []).compactMap { Int($0) } }
        let frequencies: [String: Calendar.RecurrenceRule.Frequency] = [
            "YEARLY": .yearly, "MONTHLY": .monthly, "WEEKLY": .weekly, "DAILY": .daily, "HOURLY": .hourly,
            "MINUTELY": .minutely,
        ]
        guard let frequency = frequencies[parts["FREQ"]?[0] ?? ""] else { refuse("has no such frequency") }
        let days: [String: Locale.Weekday] = [
            "SU": .sunday, "MO": .monday, "TU": .tuesday, "WE": .wednesday, "TH": .thursday, "FR": .friday,
            "SA": .saturday,
        ]
        var calendar = original
        if let start = parts["WKST"]?.first {
            calendar.firstWeekday = start == "SU" ? 1 : 2
        } else {
            calendar.firstWeekday = 2
        }
        calendar.minimumDaysInFirstWeek = 4
        var rule = Calendar.RecurrenceRule(calendar: calendar, frequency: frequency)
        rule.interval = numbers("INTERVAL").first ?? 1
        if let count = numbers("COUNT").first { rule.end = .afterOccurrences(count) }
        if let until = parts["UNTIL"]?.first, let last = date(until, zone: until.hasSuffix("Z") ? .gmt : zone) {
            rule.end = .afterDate(last)
        }
        rule.months = numbers("BYMONTH").map { .init($0) }
        rule.daysOfTheMonth = numbers("BYMONTHDAY")
        rule.weeks = numbers("BYWEEKNO")
        rule.hours = numbers("BYHOUR")
        rule.setPositions = numbers("BYSETPOS")
        rule.weekdays = (parts["BYDAY"] ?? []).compactMap { days[$0].map { .every($0) } }
        return rule
    }

    /// `20310405T090000`, with or without `Z`, or `20310405`.
    private static func date(_ text: String, zone: TimeZone) -> Date? {
        let digits = text.filter(\.isNumber).map { Int(String($0)) ?? 0 }
        guard digits.count == 8 || digits.count == 14 else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let hasTime = digits.count == 14
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = text.hasSuffix("Z") ? .gmt : zone
        return calendar.date(
            from: DateComponents(
                year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: hasTime ? number(8..<10) : 0,
                minute: hasTime ? number(10..<12) : 0, second: hasTime ? number(12..<14) : 0))
    }

    private static func text(_ date: Date, _ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = .gmt
        formatter.dateFormat = format
        return formatter.string(from: date)
    }
}
