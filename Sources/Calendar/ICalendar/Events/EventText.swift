public import CivilTime
import Recurrence

extension EventSeries {
    /// A complete VCALENDAR of the series, with a VTIMEZONE for each zone it names (RFC 4791 §4.1), as a server wants it.
    public func document(stamp: Instant, zones: ZoneDatabase) -> Component {
        var calendar = Component.emptyCalendar
        for event in [master].compactMap({ $0 }) + overrides {
            var component = Component("VEVENT", properties: [Property("UID", event.uid)])
            component.write(event, stamp: stamp)
            calendar.components.append(component)
        }
        calendar.addZones(zones: zones, custom: customZones)
        return calendar
    }
}

extension Component {
    /// An empty VCALENDAR of ours.
    public static var emptyCalendar: Component {
        Component(
            "VCALENDAR",
            properties: [Property("VERSION", "2.0"), Property("PRODID", "-//Anchorpoint//Anchorpoint//EN")])
    }

    /// This VCALENDAR with its master of `event.uid` saying what `event` says. Everything of it that `event` has no field
    /// for stays: unknown properties, alarms, overrides, definitions of zones. `reminders` are minutes before the start and
    /// replace the alarms; nil keeps them.
    public func merging(_ event: CalendarEvent, reminders: [Int]?, stamp: Instant, zones: ZoneDatabase) -> Component {
        var calendar = self
        let index = calendar.components.firstIndex { component in
            component.name == "VEVENT" && component.first("RECURRENCE-ID") == nil
                && component.first("UID")?.value == event.uid
        }
        if let index {
            calendar.components[index].write(event, stamp: stamp)
            if let reminders { calendar.components[index].setReminders(reminders, summary: event.summary) }
        } else {
            var component = Component("VEVENT", properties: [Property("UID", event.uid)])
            component.write(event, stamp: stamp)
            component.setReminders(reminders ?? [], summary: event.summary)
            calendar.components.append(component)
        }
        calendar.addZones(zones: zones, custom: [:])
        return calendar
    }

    /// Sets the properties that `event` has fields for. People are written only where they changed, so that what a server
    /// keeps in their parameters is not lost.
    fileprivate mutating func write(_ event: CalendarEvent, stamp: Instant) {
        let utc = TimeText.compact(Zone.utc.civil(at: stamp)) + "Z"
        replace("DTSTAMP", with: [Property("DTSTAMP", utc)])
        replace("LAST-MODIFIED", with: [Property("LAST-MODIFIED", utc)])
        if first("CREATED") == nil { properties.append(Property("CREATED", utc)) }
        replace("DTSTART", with: [TimeText.property("DTSTART", event.start)])
        replace("DURATION", with: event.duration.map { [Property("DURATION", $0.text)] } ?? [])
        let hasEnd = event.duration == nil && event.end != event.start
        replace("DTEND", with: hasEnd ? [TimeText.property("DTEND", event.end)] : [])
        replace("RECURRENCE-ID", with: event.recurrenceID.map { [TimeText.property("RECURRENCE-ID", $0)] } ?? [])
        replace("RRULE", with: event.rules.map { Property("RRULE", $0.text) })
        if first("EXDATE") == nil || event.exceptionDates.isEmpty {
            replace("EXDATE", with: event.exceptionDates.map { TimeText.property("EXDATE", $0) })
        }
        setText("SUMMARY", event.summary)
        setText("DESCRIPTION", event.description)
        setText("LOCATION", event.location)
        replace("URL", with: event.url.map { [Property("URL", $0)] } ?? [])
        replace("GEO", with: event.geo.map { [Property("GEO", $0.text)] } ?? [])
        replace("COLOR", with: event.color.map { [Property("COLOR", text: $0)] } ?? [])
        if event.joinURL != first("CONFERENCE")?.value.trimmed {
            let parameters = [Property.Parameter("VALUE", ["URI"]), .init("FEATURE", ["VIDEO"])]
            replace(
                "CONFERENCE", with: event.joinURL.map { [Property("CONFERENCE", $0, parameters: parameters)] } ?? [])
        }
        replace("STATUS", with: [Property("STATUS", event.status.rawValue.uppercased())])
        replace("TRANSP", with: [Property("TRANSP", event.transparency == .transparent ? "TRANSPARENT" : "OPAQUE")])
        writeBusyStatus(event.transparency)
        if event.isPrivate != (first("CLASS")?.value.uppercased() == "PRIVATE") {
            replace("CLASS", with: event.isPrivate ? [Property("CLASS", "PRIVATE")] : [])
        }
        replace("SEQUENCE", with: [Property("SEQUENCE", String(event.sequence))])
        writePeople(event)
        replace(
            "CATEGORIES",
            with: event.categories.isEmpty
                ? [] : [Property("CATEGORIES", event.categories.map(TextValue.escape).joined(separator: ","))])
    }

    /// What TRANSP has no word for; a value that says the same already stays.
    private mutating func writeBusyStatus(_ transparency: Transparency) {
        let name = "X-MICROSOFT-CDO-BUSYSTATUS"
        switch transparency {
        case .tentative: replace(name, with: [Property(name, "TENTATIVE")])
        case .outOfOffice: replace(name, with: [Property(name, "OOF")])
        case .workingElsewhere: replace(name, with: [Property(name, "WORKINGELSEWHERE")])
        case .opaque where first(name) != nil: replace(name, with: [Property(name, "BUSY")])
        case .transparent where first(name) != nil: replace(name, with: [Property(name, "FREE")])
        case .opaque, .transparent: break
        }
    }

    private mutating func setText(_ name: String, _ text: String?) {
        // Text that has not changed keeps its language and alternate representations.
        guard first(name)?.text != text else { return }
        replace(name, with: text.map { [Property(name, text: $0)] } ?? [])
    }

    private mutating func writePeople(_ event: CalendarEvent) {
        let wanted = Dictionary(event.attendees.map { ($0.email.lowercased(), $0) }) { first, _ in first }
        var kept: Set<String> = []
        let existing = all("ATTENDEE").compactMap { property -> Property? in
            let email = property.value.lowercased().replacingPrefix("mailto:")
            guard let person = wanted[email], kept.insert(email).inserted else { return nil }
            return property.answering(person.status)
        }
        let new = event.attendees.filter { !kept.contains($0.email.lowercased()) }.map { person in
            var property = Property("ATTENDEE", "mailto:" + person.email)
            if let name = person.displayName { property.parameters.append(.init("CN", [name])) }
            property.parameters.append(.init("PARTSTAT", [person.status.parameter]))
            property.parameters.append(.init("RSVP", ["TRUE"]))
            return property
        }
        replace("ATTENDEE", with: existing + new)
        if let organizer = event.organizer, first("ORGANIZER") == nil {
            var property = Property("ORGANIZER", "mailto:" + organizer.email)
            if let name = organizer.displayName { property.parameters.append(.init("CN", [name])) }
            properties.append(property)
        }
    }

    /// Display alarms at so many minutes before the start, in place of those there are.
    fileprivate mutating func setReminders(_ minutes: [Int], summary: String?) {
        components.removeAll { $0.name == "VALARM" }
        for minute in minutes {
            components.append(
                Component(
                    "VALARM",
                    properties: [
                        Property("ACTION", "DISPLAY"), Property("TRIGGER", "-PT\(minute)M"),
                        Property("DESCRIPTION", text: summary ?? "Reminder"),
                    ]))
        }
    }

    /// Adds a VTIMEZONE for each TZID that has none.
    fileprivate mutating func addZones(zones: ZoneDatabase, custom: [ZoneID: Zone]) {
        let defined = Set(components.filter { $0.name == "VTIMEZONE" }.compactMap { $0.first("TZID")?.value })
        var needed: [String: Instant] = [:]
        var isRepeating = false
        for component in components where component.name == "VEVENT" {
            isRepeating = isRepeating || component.first("RRULE") != nil
            for property in component.properties {
                guard let name = property.parameter("TZID"), !defined.contains(name),
                    let date = CivilDate(compact: property.value.prefix(8))
                else { continue }
                let instant = Instant(seconds: Int64(date.dayNumber) * 86_400)
                needed[name] = min(needed[name] ?? instant, instant)
            }
        }
        for (name, first) in needed.sorted(by: { $0.key < $1.key }) {
            guard let zone = zones.zone(ZoneID(name)) ?? custom[ZoneID(name)] else { continue }
            components.insert(VTimeZone.component(for: zone, from: first, years: isRepeating ? 12 : 3), at: 0)
        }
    }
}

extension Property {
    /// This ATTENDEE with that answer; an answer there is no word for leaves it as it is.
    func answering(_ status: ParticipationStatus) -> Property {
        let old = parameter("PARTSTAT")?.uppercased() ?? ParticipationStatus.needsAction.parameter
        guard status != .unknown, old != status.parameter else { return self }
        var property = self
        property.parameters.removeAll { $0.name == "PARTSTAT" || $0.name == "RSVP" && status != .needsAction }
        property.parameters.append(.init("PARTSTAT", [status.parameter]))
        return property
    }
}

extension ParticipationStatus {
    /// PARTSTAT.
    fileprivate var parameter: String {
        switch self {
        case .accepted: "ACCEPTED"
        case .declined: "DECLINED"
        case .tentative: "TENTATIVE"
        case .needsAction, .unknown: "NEEDS-ACTION"
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
