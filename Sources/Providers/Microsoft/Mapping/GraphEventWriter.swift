internal import CivilTime
internal import CronofyWire
internal import ICalendar
internal import ProviderKit

/// Turns a VEVENT into the members of Graph's `event`. Everything that an edit could have taken away is written, empty.
struct GraphEventWriter {
    let zones: ZoneDatabase
    /// Where floating times are meant.
    var mailboxZone: Zone?

    /// - Parameters:
    ///   - event: what it means; `component` says the same in the words it came in.
    ///   - isWhole: false for one instance of a series, which keeps what belongs to the series.
    func members(_ event: CalendarEvent, _ component: Component?, isWhole: Bool) throws(MappingRefusal) -> [String:
        JSONValue]
    {
        guard event.status != .cancelled else {
            throw MappingRefusal("Microsoft cannot mark an event as cancelled: delete it instead.")
        }
        var members = try times(event)
        members["subject"] = .string(event.summary ?? "")
        members["body"] = .object(["contentType": .string("text"), "content": .string(event.description ?? "")])
        members["location"] = .object(["displayName": .string(event.location ?? "")])
        members["showAs"] = .string(Self.showAs(event))
        members["categories"] = .array(event.categories.map { .string($0) })
        if isWhole {
            members["sensitivity"] = .string(Self.sensitivity(event, component))
            members["recurrence"] = try recurrence(event)
        }
        let reminder = component.flatMap(Self.reminder)
        members["isReminderOn"] = .bool(reminder != nil)
        if let reminder { members["reminderMinutesBeforeStart"] = .integer(reminder) }
        return members
    }

    private func times(_ event: CalendarEvent) throws(MappingRefusal) -> [String: JSONValue] {
        let isAllDay = if case .allDay = event.start { true } else { false }
        return [
            "isAllDay": .bool(isAllDay), "start": try time(event.start, in: event),
            "end": try time(event.end, in: event),
        ]
    }

    private func time(_ time: EventTime, in event: CalendarEvent) throws(MappingRefusal) -> JSONValue {
        switch time {
        case .allDay(let date): return GraphTime.json(date.midnight, zone: "UTC")
        case .utc(let instant): return GraphTime.json(Zone.utc.civil(at: instant), zone: "UTC")
        case .zoned(let time, let id):
            guard zones.zone(id) != nil else {
                throw MappingRefusal("Microsoft does not know the time zone '\(id.name)' of the event.")
            }
            return GraphTime.json(time, zone: GraphTime.name(of: id))
        case .floating(let time):
            guard let mailboxZone else { throw MappingRefusal("Microsoft has no times without a time zone.") }
            return GraphTime.json(time, zone: GraphTime.name(of: mailboxZone.id))
        }
    }

    private func recurrence(_ event: CalendarEvent) throws(MappingRefusal) -> JSONValue {
        guard event.recurrenceDates.isEmpty, event.rules.count <= 1 else {
            throw MappingRefusal("Microsoft cannot repeat on dates that no rule names, or by several rules.")
        }
        guard let rule = event.rules.first else { return .null }
        let name: String? =
            switch event.start {
            case .zoned(_, let id): GraphTime.name(of: id)
            case .floating: mailboxZone.map { GraphTime.name(of: $0.id) }
            case .utc, .allDay: "UTC"
            }
        return try GraphRecurrence(rule, from: event.start, zones: zones, zoneName: name).json
    }

    private static func showAs(_ event: CalendarEvent) -> String {
        switch event.transparency {
        case .transparent: "free"
        case .tentative: "tentative"
        case .outOfOffice: "oof"
        case .workingElsewhere: "workingElsewhere"
        case .opaque: event.status == .tentative ? "tentative" : "busy"
        }
    }

    private static func sensitivity(_ event: CalendarEvent, _ component: Component?) -> String {
        if component?.first("CLASS")?.value.uppercased() == "CONFIDENTIAL" { return "confidential" }
        return event.isPrivate ? "private" : "normal"
    }

    /// Graph keeps one reminder, in whole minutes before the start: the first alarm of that kind.
    private static func reminder(_ component: Component) -> Int64? {
        component.components.lazy.filter { $0.name == "VALARM" }.compactMap { alarm -> Int64? in
            guard let trigger = alarm.first("TRIGGER"), trigger.parameter("RELATED")?.uppercased() != "END" else {
                return nil
            }
            return ReminderTrigger.minutes(before: trigger.value)
        }.first
    }
}

/// A duration before the start (RFC 5545 §3.3.6) in minutes: `-PT15M`, `-P1D`, `-P1DT2H`, `PT0S`.
enum ReminderTrigger {
    static func minutes(before text: String) -> Int64? {
        var rest = text.uppercased()[...]
        let isBefore = rest.hasPrefix("-")
        if isBefore || rest.hasPrefix("+") { rest.removeFirst() }
        guard rest.hasPrefix("P") else { return nil }
        rest.removeFirst()
        let seconds: [Character: Int64] = ["W": 604_800, "D": 86_400, "H": 3600, "M": 60, "S": 1]
        var (total, isEmpty): (Int64, Bool) = (0, true)
        while let letter = rest.first {
            if letter == "T" {
                rest.removeFirst()
                continue
            }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard let number = Int64(digits, in: 0...1_000_000), let unit = rest.popFirst().flatMap({ seconds[$0] })
            else { return nil }
            (total, isEmpty) = (total + number * unit, false)
        }
        return !isEmpty && (isBefore || total == 0) ? total / 60 : nil
    }
}
