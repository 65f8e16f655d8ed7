import CivilTime
import Recurrence

/// Why one VEVENT is set aside while the rest of its calendar goes on. `reason` is fit to show.
struct EventFault: Error, Hashable, Sendable {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

/// Reads the meaning of one VEVENT.
struct EventReader {
    let resolver: ZoneResolver
    /// Zones of the document that were needed.
    private(set) var customZones: [ZoneID: Zone] = [:]
    private(set) var diagnostics: [Diagnostic] = []

    init(resolver: ZoneResolver) { self.resolver = resolver }

    mutating func event(_ component: Component) throws(EventFault) -> CalendarEvent {
        guard let startProperty = component.first("DTSTART") else { throw EventFault("it has no DTSTART") }
        var start = try time(startProperty)
        if component.first("X-MICROSOFT-CDO-ALLDAYEVENT")?.value.trimmed.uppercased() == "TRUE",
            let day = wholeDay(start)
        {
            start = .allDay(day)
        }
        let end = try end(of: component, start: start)
        let uid = component.first("UID")?.value.trimmed ?? ""
        var event = CalendarEvent(uid: uid, start: start, end: end)
        try readRecurrence(component, into: &event)
        readDetails(component, into: &event)
        return event
    }

    // MARK: Times

    /// DTSTART, DTEND, RECURRENCE-ID and one value of EXDATE or RDATE.
    mutating func time(_ property: Property, value: String? = nil) throws(EventFault) -> EventTime {
        let text = (value ?? property.value).trimmed.uppercased()
        guard
            let time = try parsed(
                text, zoneName: property.parameter("TZID"), isDate: property.parameter("VALUE") == "DATE")
        else { throw EventFault("\(property.name) '\(text.prefix(40))' is no date or time") }
        return time
    }

    private mutating func parsed(
        _ text: String, zoneName: String?, isDate: Bool
    ) throws(EventFault) -> EventTime? {
        let isUTC = text.hasSuffix("Z")
        let parts = (isUTC ? text.dropLast() : text[...]).split(separator: "T", omittingEmptySubsequences: false)
        guard let first = parts.first, let date = CivilDate(compact: first) else { return nil }
        // VALUE=DATE is often left out, and sometimes stands beside a time: the value itself decides.
        guard parts.count == 2, !(isDate && parts[1].isEmpty) else { return parts.count == 1 ? .allDay(date) : nil }
        guard let time = CivilDateTime(date: date, compact: parts[1]) else { return nil }
        if isUTC { return .utc(Zone.utc.instant(of: time)) }
        if let zoneName { return .zoned(time, try zone(zoneName).id) }
        return resolver.calendarZone.map { .zoned(time, $0.id) } ?? .floating(time)
    }

    private mutating func zone(_ name: String) throws(EventFault) -> Zone {
        guard let zone = resolver.zone(name) else {
            throw EventFault("its time zone '\(name.prefix(80))' is not known and the calendar does not define it")
        }
        if resolver.zones.zone(zone.id) == nil { customZones[zone.id] = zone }
        return zone
    }

    private func wholeDay(_ time: EventTime) -> CivilDate? {
        switch time {
        case .floating(let time) where time.secondOfDay == 0, .zoned(let time, _) where time.secondOfDay == 0: time.date
        default: nil
        }
    }

    /// RFC 5545 §3.6.1: DTEND, or DTSTART and DURATION, or a day for a date, or nothing for a time.
    private mutating func end(of component: Component, start: EventTime) throws(EventFault) -> EventTime {
        if let property = component.first("DTEND") {
            return repaired(end: try time(property), start: start)
        }
        if let property = component.first("DURATION") {
            guard let duration = DurationValue(parsing: property.value), let end = start.adding(duration) else {
                throw EventFault("DURATION '\(property.value.prefix(40))' is no duration")
            }
            return repaired(end: end, start: start)
        }
        if case .allDay(let date) = start, let next = date.adding(days: 1) { return .allDay(next) }
        return start
    }

    /// The end as the same kind as the start, and not before it. Doubt means busy: ends the wrong way round cover what
    /// lies between them, and a day never becomes nothing.
    private mutating func repaired(end: EventTime, start: EventTime) -> EventTime {
        switch (start, end) {
        case (.allDay(let first), .allDay(let last)):
            if last > first { return end }
            return .allDay(first.adding(days: 1) ?? first)
        case (.allDay(let first), _):
            let last = end.wallDate
            note(.repaired, "DTEND is a time although DTSTART is a date")
            return .allDay(max(last, first).adding(days: 1) ?? first)
        case (_, .allDay(let date)):
            note(.repaired, "DTEND is a date although DTSTART is a time")
            return start.moved(to: date.midnight)
        default: return end
        }
    }

    // MARK: Recurrence

    private mutating func readRecurrence(_ component: Component, into event: inout CalendarEvent) throws(EventFault) {
        if let property = component.first("RECURRENCE-ID") {
            event.recurrenceID = try time(property)
            event.thisAndFuture = property.parameter("RANGE")?.uppercased() == "THISANDFUTURE"
            if component.first("RRULE") != nil { note(.warning, "an RRULE inside an override was ignored") }
            return
        }
        for property in component.all("RRULE") {
            do { event.rules.append(try RecurrenceRule(parsing: property.value.trimmed)) } catch {
                throw EventFault("its RRULE cannot be used: \(error)")
            }
        }
        for property in component.all("EXDATE") {
            for value in property.value.split(separator: ",") {
                event.exceptionDates.append(try time(property, value: String(value)))
            }
        }
        for property in component.all("RDATE") {
            for value in property.value.split(separator: ",") {
                event.recurrenceDates.append(try recurrenceDate(property, String(value)))
            }
        }
    }

    /// A date, a time, or a PERIOD with an end or a duration (RFC 5545 §3.3.9).
    private mutating func recurrenceDate(
        _ property: Property, _ value: String
    ) throws(EventFault) -> CalendarEvent.RecurrenceDate {
        let parts = value.split(separator: "/", maxSplits: 1)
        let start = try time(property, value: parts.first.map(String.init) ?? value)
        guard parts.count == 2 else { return .init(start: start) }
        if let duration = DurationValue(parsing: String(parts[1])) {
            return .init(start: start, end: start.adding(duration))
        }
        return .init(start: start, end: try time(property, value: String(parts[1])))
    }

    // MARK: Details

    private func readDetails(_ component: Component, into event: inout CalendarEvent) {
        func text(_ name: String) -> String? { component.first(name)?.text.nonEmpty }
        event.summary = text("SUMMARY")
        event.description = text("DESCRIPTION")
        event.location = text("LOCATION")
        event.url = component.first("URL")?.value.trimmed.nonEmpty
        event.status =
            component.first("STATUS").flatMap { EventStatus(rawValue: $0.value.trimmed.lowercased()) } ?? .confirmed
        event.transparency = transparency(component)
        let visibility = component.first("CLASS")?.value.trimmed.uppercased()
        event.isPrivate = visibility == "PRIVATE" || visibility == "CONFIDENTIAL"
        event.organizer = component.first("ORGANIZER").map { participant($0) }
        event.attendees = component.all("ATTENDEE").prefix(500).map { participant($0) }
        event.categories = component.all("CATEGORIES").flatMap { TextValue.list($0.value) }.filter { !$0.isEmpty }
        event.created = instant(component.first("CREATED"))
        event.lastModified = instant(component.first("LAST-MODIFIED")) ?? instant(component.first("DTSTAMP"))
        event.sequence = component.first("SEQUENCE").flatMap { Int($0.value.trimmed) } ?? 0
    }

    /// TRANSP decides; where it is opaque, X-MICROSOFT-CDO-BUSYSTATUS may say more.
    private func transparency(_ component: Component) -> Transparency {
        if component.first("TRANSP")?.value.trimmed.uppercased() == "TRANSPARENT" { return .transparent }
        switch component.first("X-MICROSOFT-CDO-BUSYSTATUS")?.value.trimmed.uppercased() {
        case "FREE" where component.first("TRANSP") == nil: return .transparent
        case "TENTATIVE": return .tentative
        case "OOF": return .outOfOffice
        case "WORKINGELSEWHERE": return .workingElsewhere
        default: return .opaque
        }
    }

    private func participant(_ property: Property) -> Participant {
        var address = property.value.trimmed
        if address.lowercased().hasPrefix("mailto:") { address = String(address.dropFirst(7)) }
        if let email = property.parameter("EMAIL"), !address.contains("@") { address = email }
        let status: ParticipationStatus =
            switch property.parameter("PARTSTAT")?.uppercased() {
            case "ACCEPTED": .accepted
            case "DECLINED": .declined
            case "TENTATIVE": .tentative
            case "NEEDS-ACTION", nil: .needsAction
            default: .unknown
            }
        return Participant(email: address, displayName: property.parameter("CN")?.nonEmpty, status: status)
    }

    private func instant(_ property: Property?) -> Instant? {
        guard let text = property?.value.trimmed.uppercased(), text.hasSuffix("Z") else { return nil }
        let parts = text.dropLast().split(separator: "T")
        guard parts.count == 2, let date = CivilDate(compact: parts[0]),
            let time = CivilDateTime(date: date, compact: parts[1])
        else { return nil }
        return Zone.utc.instant(of: time)
    }

    private mutating func note(_ severity: Diagnostic.Severity, _ message: String) {
        diagnostics.append(Diagnostic(severity, line: 0, message))
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
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

    /// Days first on the wall, then seconds (RFC 5545 §3.3.6). Nil beyond the calendar.
    func adding(_ duration: DurationValue) -> EventTime? {
        switch self {
        case .allDay(let date):
            let days = duration.days + Int(duration.seconds / 86_400)
            return date.adding(days: days).map { .allDay($0) }
        case .floating(let time), .zoned(let time, _):
            return time.adding(seconds: Int64(duration.days) * 86_400 + duration.seconds).map { moved(to: $0) }
        case .utc(let instant):
            return instant.advanced(bySeconds: Int64(duration.days) * 86_400 + duration.seconds).map { .utc($0) }
        }
    }
}
