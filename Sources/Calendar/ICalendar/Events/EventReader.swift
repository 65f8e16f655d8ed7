import CivilTime
import Recurrence

/// Why one VEVENT is set aside while the rest of its calendar goes on. `reason` is fit to show.
struct EventFault: Error, Hashable, Sendable {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

/// Reads the meaning of the VEVENTs of one calendar, one after another.
struct EventReader {
    let resolver: ZoneResolver
    /// Zones of the document that the last event needed.
    private(set) var customZones: [ZoneID: Zone] = [:]
    var notes = DiagnosticList()
    /// Zones by the name they have in the document; nil where it has no meaning.
    private var known: [String: Zone?] = [:]
    private var zonesByID: [ZoneID: Zone] = [:]

    /// Names beyond this are not looked up: no honest calendar has more.
    private static let mostZones = 2_000

    init(resolver: ZoneResolver) { self.resolver = resolver }

    mutating func event(_ component: Component) throws(EventFault) -> CalendarEvent {
        customZones = [:]
        if let reason = component.incompleteness { throw EventFault(reason) }
        let parts = EventParts(component)
        guard let startProperty = parts.start else { throw EventFault("it has no DTSTART") }
        var start = try time(startProperty, reading(startProperty))
        if let flag = parts.allDayFlag, flag.value.trimmed.uppercased() == "TRUE", let day = wholeDay(start) {
            start = .allDay(day)
        }
        var event = CalendarEvent(uid: parts.uid?.value.trimmed ?? "", start: start, end: start)
        try readEnd(parts, into: &event)
        try readRecurrence(parts, into: &event)
        EventDetails(parts).read(into: &event)
        return event
    }

    // MARK: Times

    /// One time or date of a property; nil where `text` is none.
    private mutating func reading(_ property: Property, _ text: ArraySlice<UInt8>? = nil) -> TimeValue? {
        guard let (value, isStrict) = TimeValue.parse(text ?? property.valueBytes) else { return nil }
        if !isStrict { note(.repaired, property, "a time is not written as the standard has it") }
        return value
    }

    /// What `value` means with the property's TZID.
    private mutating func time(_ property: Property, _ value: TimeValue?) throws(EventFault) -> EventTime {
        switch value {
        case nil: throw EventFault("\(property.name) '\(property.value.trimmed.prefix(40))' is no date or time")
        // VALUE=DATE is often left out, and sometimes stands beside a time: the value itself decides.
        case .date(let date): return .allDay(date)
        case .utc(let instant):
            if property.parameter("TZID") != nil { note(.warning, property, "a time in UTC has a TZID") }
            return .utc(instant)
        case .local(let time):
            if let name = property.parameter("TZID"), !name.isEmpty { return .zoned(time, try zone(name).id) }
            return resolver.calendarZone.map { .zoned(time, $0.id) } ?? .floating(time)
        }
    }

    private mutating func zone(_ name: String) throws(EventFault) -> Zone {
        if known[name] == nil {
            guard known.count < Self.mostZones else { throw EventFault("the calendar names too many time zones") }
            known[name] = .some(resolver.zone(name))
        }
        guard let zone = known[name] ?? nil else {
            throw EventFault("its time zone '\(name.prefix(80))' is not known and the calendar does not define it")
        }
        zonesByID[zone.id] = zone
        if resolver.isOwn(zone) { customZones[zone.id] = zone }
        return zone
    }

    private func zone(of time: EventTime) -> Zone? {
        guard case .zoned(_, let id) = time else { return nil }
        return zonesByID[id] ?? resolver.zones.zone(id)
    }

    private func wholeDay(_ time: EventTime) -> CivilDate? {
        switch time {
        case .floating(let time) where time.secondOfDay == 0, .zoned(let time, _) where time.secondOfDay == 0: time.date
        default: nil
        }
    }

    // MARK: The end

    /// RFC 5545 §3.6.1: DTEND, or DTSTART and DURATION, or a day for a date, or nothing for a time.
    private mutating func readEnd(_ parts: EventParts, into event: inout CalendarEvent) throws(EventFault) {
        if let property = parts.end {
            if parts.duration != nil { note(.warning, property, "DTEND and DURATION stand together; DTEND counts") }
            event.end = repaired(end: try time(property, reading(property)), start: event.start, property)
        } else if let property = parts.duration {
            guard let duration = EventDuration(property.valueBytes),
                let end = event.start.adding(duration.magnitude, in: zone(of: event.start))
            else { throw EventFault("DURATION '\(property.value.prefix(40))' is no duration") }
            if duration.isNegative { note(.repaired, property, "it is negative", action: "its size was taken") }
            event.end = repaired(end: end, start: event.start, property)
            if event.end == end { event.setDuration(duration.magnitude, end: end) }
        } else if case .allDay(let date) = event.start, let next = date.adding(days: 1) {
            event.end = .allDay(next)
        }
    }

    /// The end as the same kind as the start, and not before it. Doubt means busy: ends the wrong way round take as much
    /// time after the start, and a day never becomes nothing.
    private mutating func repaired(end: EventTime, start: EventTime, _ property: Property) -> EventTime {
        switch (start, end) {
        case (.allDay(let first), .allDay(let last)):
            if last > first { return end }
            if last < first { note(.repaired, property, "it is before DTSTART", action: "one day was taken") }
            return .allDay(first.adding(days: 1) ?? first)
        case (.allDay(let first), _):
            let last = end.wallDate
            note(.repaired, property, "it is a time although DTSTART is a date", action: "its day is the last one")
            return .allDay(max(last, first).adding(days: 1) ?? first)
        case (_, .allDay(let date)):
            note(.repaired, property, "it is a date although DTSTART is a time", action: "its midnight was taken")
            return repaired(end: start.moved(to: date.midnight), start: start, property)
        default:
            let length = seconds(end) - seconds(start)
            guard length < 0 else { return end }
            note(.repaired, property, "it is before DTSTART", action: "as much time after DTSTART was taken")
            return EventDuration(days: 0, seconds: -length).flatMap { start.adding($0, in: zone(of: start)) } ?? start
        }
    }

    /// Seconds since 1970; floating times as if in UTC, which is enough to compare them with each other.
    private func seconds(_ time: EventTime) -> Int64 {
        switch time {
        case .allDay(let date): Int64(date.dayNumber) * 86_400
        case .floating(let time): time.wallSeconds
        case .zoned(let wall, _): zone(of: time)?.instant(of: wall).seconds ?? wall.wallSeconds
        case .utc(let instant): instant.seconds
        }
    }

    // MARK: Recurrence

    private mutating func readRecurrence(_ parts: EventParts, into event: inout CalendarEvent) throws(EventFault) {
        if let property = parts.recurrenceID {
            event.recurrenceID = try time(property, reading(property))
            event.thisAndFuture = property.parameter("RANGE")?.uppercased() == "THISANDFUTURE"
            if let rule = parts.rules.first { note(.warning, rule, "an override has a rule", action: "it was ignored") }
            return
        }
        for property in parts.rules {
            let text = property.value.trimmed
            if text.isEmpty {
                note(.repaired, property, "it is empty", action: "it was left out")
                continue
            }
            do { event.rules.append(try RecurrenceRule(parsing: text)) } catch {
                throw EventFault("its RRULE cannot be used: \(error)")
            }
        }
        for property in parts.exceptions {
            for value in values(property) {
                // An exception that nobody can read leaves an instance in place: busy rather than free.
                guard let read = reading(property, value) else {
                    note(.error, property, "'\(text(value))' is no date or time", action: "it was left out")
                    continue
                }
                event.exceptionDates.append(try time(property, read))
            }
        }
        for property in parts.dates {
            for value in values(property) { event.recurrenceDates.append(try recurrenceDate(property, value)) }
        }
    }

    /// The values between commas, without those that are empty.
    private mutating func values(_ property: Property) -> [ArraySlice<UInt8>] {
        let all = property.valueBytes.split(separator: ASCII.comma, omittingEmptySubsequences: false)
        let values = all.filter { $0.contains { $0 != 32 && $0 != 9 } }
        if values.count < all.count || all.isEmpty {
            note(.repaired, property, "a value is empty", action: "it was left out")
        }
        return values
    }

    private func text(_ value: ArraySlice<UInt8>) -> String { String(decoding: value.prefix(40), as: UTF8.self) }

    /// A date, a time, or a PERIOD with an end or a duration (RFC 5545 §3.3.9).
    private mutating func recurrenceDate(
        _ property: Property, _ value: ArraySlice<UInt8>
    ) throws(EventFault) -> CalendarEvent.RecurrenceDate {
        let parts = value.split(separator: UInt8(ascii: "/"))
        guard let first = parts.first, let read = reading(property, first) else {
            throw EventFault("RDATE '\(text(value))' is no date or time")
        }
        let start = try time(property, read)
        guard parts.count > 1 else { return .init(start: start) }
        if let duration = EventDuration(parts[1]) {
            return .init(start: start, end: start.adding(duration.magnitude, in: zone(of: start)))
        }
        guard let end = reading(property, parts[1]) else {
            throw EventFault("the period '\(text(value))' of RDATE has no end")
        }
        return .init(start: start, end: repaired(end: try time(property, end), start: start, property))
    }

    private mutating func note(
        _ severity: Diagnostic.Severity, _ property: Property, _ problem: String, action: String? = nil
    ) {
        notes.add(
            Diagnostic(
                severity, line: property.line, component: "VEVENT", property: property.name, problem, action: action),
            severity)
    }
}

extension Component {
    private static let leftOut = "X-ANCHORPOINT-LEFT-OUT"

    /// Why it must not be taken for whole.
    fileprivate var incompleteness: String? {
        damage?.reason ?? first(Self.leftOut).map { String($0.value.prefix(200)) }
    }

    /// The same with a property that says what was left out when it was read, so that whoever reads it again sets it
    /// aside as well.
    public var notingWhatWasLeftOut: Component {
        guard let damage else { return self }
        var noted = self
        noted.replace(Self.leftOut, with: [Property(Self.leftOut, text: damage.reason)])
        return noted
    }
}

extension Component.Damage {
    fileprivate var reason: String {
        switch self {
        case .tooManyParameters: "a property that decides its time has more parameters than are read"
        case .tooManyProperties: "it has more properties than are read"
        case .longLine: "a line that decides its time is too long"
        case .tooDeep: "it holds components too deep inside each other"
        }
    }
}

extension EventTime {
    /// The day on the wall; in UTC for an instant.
    var wallDate: CivilDate {
        switch self {
        case .allDay(let date): date
        case .floating(let time), .zoned(let time, _): time.date
        case .utc(let instant): Zone.utc.civil(at: instant).date
        }
    }

    /// The same kind of time with another reading on the wall.
    func moved(to time: CivilDateTime) -> EventTime {
        switch self {
        case .allDay: .allDay(time.date)
        case .floating: .floating(time)
        case .zoned(_, let zone): .zoned(time, zone)
        case .utc: .utc(Zone.utc.instant(of: time))
        }
    }
}
