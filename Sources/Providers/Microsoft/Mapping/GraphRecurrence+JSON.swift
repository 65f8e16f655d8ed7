internal import CivilTime
internal import CronofyWire
internal import ProviderKit

extension GraphRecurrence {
    init(reading json: JSONValue) throws(MappingRefusal) {
        guard let pattern = json["pattern"], let range = json["range"],
            let start = range["startDate"]?.text.flatMap(CivilDate.init(extended:))
        else { throw MappingRefusal("Its recurrence has no pattern or no first day.") }
        self.init(
            pattern: try Self.pattern(pattern), interval: pattern["interval"]?.whole(in: 1...999) ?? 1, start: start,
            end: try Self.end(range), zoneName: range["recurrenceTimeZone"]?.text)
    }

    private static func pattern(_ json: JSONValue) throws(MappingRefusal) -> Pattern {
        let days = try days(json)
        // The metadata's default is the first one.
        let index = json["index"]?.text.flatMap(Index.init(rawValue:)) ?? .first
        switch json["type"]?.text {
        case "daily": return .daily
        case "weekly":
            let first = json["firstDayOfWeek"]?.text.flatMap(Weekday.init(graphName:)) ?? .sunday
            return .weekly(try some(days), firstDay: first)
        case "absoluteMonthly": return .absoluteMonthly(day: try number(json, "dayOfMonth", 1...31))
        case "relativeMonthly": return .relativeMonthly(try some(days), index)
        case "absoluteYearly":
            return .absoluteYearly(
                month: try number(json, "month", 1...12), day: try number(json, "dayOfMonth", 1...31))
        case "relativeYearly":
            return .relativeYearly(try some(days), index, month: try number(json, "month", 1...12))
        case let type: throw MappingRefusal("Its recurrence is of an unknown type, '\(type ?? "none")'.")
        }
    }

    private static func days(_ json: JSONValue) throws(MappingRefusal) -> [Weekday] {
        var days: [Weekday] = []
        for value in json["daysOfWeek"]?.list ?? [] {
            guard let day = value.text.flatMap(Weekday.init(graphName:)) else {
                throw MappingRefusal("Its recurrence names an unknown day of the week.")
            }
            if !days.contains(day) { days.append(day) }
        }
        return days
    }

    private static func some(_ days: [Weekday]) throws(MappingRefusal) -> [Weekday] {
        guard !days.isEmpty else { throw MappingRefusal("Its recurrence names no day of the week.") }
        return days
    }

    private static func number(_ json: JSONValue, _ name: String, _ range: ClosedRange<Int>) throws(MappingRefusal)
        -> Int
    {
        guard let number = json[name]?.whole(in: range) else {
            throw MappingRefusal("Its recurrence has no \(name) from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    private static func end(_ range: JSONValue) throws(MappingRefusal) -> End {
        switch range["type"]?.text {
        case "noEnd": return .never
        case "endDate":
            guard let date = range["endDate"]?.text.flatMap(CivilDate.init(extended:)) else { break }
            return .date(date)
        case "numbered":
            return .count(try number(range, "numberOfOccurrences", 1...Int(Int32.max)))
        default: break
        }
        throw MappingRefusal("It does not say until when it repeats.")
    }

    var json: JSONValue {
        var range: [String: JSONValue] = ["startDate": .string(start.description)]
        switch end {
        case .never: range["type"] = .string("noEnd")
        case .date(let date): (range["type"], range["endDate"]) = (.string("endDate"), .string(date.description))
        case .count(let count):
            (range["type"], range["numberOfOccurrences"]) = (.string("numbered"), .integer(Int64(count)))
        }
        if let zoneName { range["recurrenceTimeZone"] = .string(zoneName) }
        var members = patternMembers
        members["interval"] = .integer(Int64(interval))
        return .object(["pattern": .object(members), "range": .object(range)])
    }

    private var patternMembers: [String: JSONValue] {
        func names(_ days: [Weekday]) -> JSONValue { .array(days.map { .string($0.graphName) }) }
        return switch pattern {
        case .daily: ["type": .string("daily")]
        case .weekly(let days, let first):
            ["type": .string("weekly"), "daysOfWeek": names(days), "firstDayOfWeek": .string(first.graphName)]
        case .absoluteMonthly(let day): ["type": .string("absoluteMonthly"), "dayOfMonth": .integer(Int64(day))]
        case .relativeMonthly(let days, let index):
            ["type": .string("relativeMonthly"), "daysOfWeek": names(days), "index": .string(index.rawValue)]
        case .absoluteYearly(let month, let day):
            [
                "type": .string("absoluteYearly"), "month": .integer(Int64(month)),
                "dayOfMonth": .integer(Int64(day)),
            ]
        case .relativeYearly(let days, let index, let month):
            [
                "type": .string("relativeYearly"), "daysOfWeek": names(days), "index": .string(index.rawValue),
                "month": .integer(Int64(month)),
            ]
        }
    }
}

extension Weekday {
    var graphName: String { Self.graphNames[rawValue] }

    init?(graphName: String) {
        guard let place = Self.graphNames.firstIndex(of: graphName.lowercased()) else { return nil }
        self.init(rawValue: place)
    }

    private static let graphNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
}
