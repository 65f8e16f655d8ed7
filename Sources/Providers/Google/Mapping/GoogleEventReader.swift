internal import CivilTime
internal import CronofyWire
internal import ICalendar
internal import ProviderKit

/// Turns an `event` of Google, and a master with its exceptions, into iCalendar text.
struct GoogleEventReader {
    let zones: ZoneDatabase
    let calendarZone: Zone?

    /// Where an event made here keeps its UID: with an id of our choice Google takes none.
    static let uidProperty = "anchorpointUID"
    static let mostAttendees = 500

    private var times: GoogleTime { GoogleTime(zones: zones, calendarZone: calendarZone) }

    static func uid(of json: JSONValue) -> String {
        json["extendedProperties"]?["private"]?[uidProperty]?.words ?? json["iCalUID"]?.words ?? json["id"]?.words
            ?? "unnamed"
    }

    /// - Parameters:
    ///   - master: nil where only single instances were shared with this account.
    ///   - exceptions: rows with `recurringEventId`, in any order.
    func text(master: JSONValue?, exceptions: [JSONValue]) throws(MappingRefusal) -> String {
        let uid = Self.uid(of: master ?? exceptions.first ?? .null)
        let repeats = master?["recurrence"]?.list?.isEmpty == false
        var event: CalendarEvent?
        if let master { event = try self.event(master, uid: uid, keepsZone: repeats) }
        if let lines = master?["recurrence"]?.list, repeats { try read(lines, into: &event) }
        var overrides: [CalendarEvent] = []
        for row in exceptions.sorted(by: { $0["id"]?.text ?? "" < $1["id"]?.text ?? "" }) {
            let slot = try slot(row, of: event)
            // What an EXDATE takes away stays away.
            if event?.exceptionDates.contains(slot) == true { continue }
            if row["status"]?.text == "cancelled" {
                event?.exceptionDates.append(slot)
                continue
            }
            var override = try self.event(row, uid: uid, keepsZone: false)
            override.recurrenceID = slot
            overrides.append(override)
        }
        guard event != nil || !overrides.isEmpty else { throw MappingRefusal("All of its instances are cancelled.") }
        let stamp = GoogleTime.instant(master?["updated"]?.text, in: .utc) ?? Instant(seconds: 0)
        let series = EventSeries(uid: uid, master: event, overrides: overrides)
        let text = series.document(stamp: stamp, zones: zones)
        guard let event, let master else { return text.icalendarText }
        return text.merging(event, reminders: Self.reminders(master), stamp: stamp, zones: zones).icalendarText
    }

    private func event(_ json: JSONValue, uid: String, keepsZone: Bool) throws(MappingRefusal) -> CalendarEvent {
        let start = try times.time(json["start"], keepsZone: keepsZone)
        let isOpen = json["endTimeUnspecified"]?.flag == true
        let end = isOpen ? start : try times.time(json["end"], keepsZone: keepsZone)
        guard try times.instant(end) >= times.instant(start) else { throw MappingRefusal("It ends before it begins.") }
        var event = CalendarEvent(uid: uid, start: start, end: end)
        event.summary = json["summary"]?.words
        event.description = json["description"]?.words
        event.location = json["location"]?.words
        event.url = json["source"]?["url"]?.words
        event.joinURL = json["hangoutLink"]?.words
        event.status = json["status"]?.text == "tentative" ? .tentative : .confirmed
        event.transparency = Self.transparency(json)
        event.isPrivate = ["private", "confidential"].contains(json["visibility"]?.text)
        event.sequence = json["sequence"]?.whole(in: 0...1_000_000_000) ?? 0
        event.created = GoogleTime.instant(json["created"]?.text, in: .utc)
        event.lastModified = GoogleTime.instant(json["updated"]?.text, in: .utc)
        event.attendees = (json["attendees"]?.list ?? []).prefix(Self.mostAttendees).compactMap(Self.person)
        // An event of one's own has its owner as organizer and nobody else: no meeting.
        if !event.attendees.isEmpty { event.organizer = json["organizer"].flatMap(Self.person) }
        return event
    }

    /// Where somebody works is no meeting; words to come block time: doubt means busy.
    private static func transparency(_ json: JSONValue) -> Transparency {
        switch json["eventType"]?.text {
        case "workingLocation": .transparent
        case "outOfOffice": .outOfOffice
        default: json["transparency"]?.text == "transparent" ? .transparent : .opaque
        }
    }

    private static func person(_ json: JSONValue) -> Participant? {
        guard let email = json["email"]?.words else { return nil }
        let answers: [String: ParticipationStatus] = [
            "accepted": .accepted, "declined": .declined, "tentative": .tentative,
        ]
        let status = json["responseStatus"]?.text.flatMap { answers[$0] } ?? .needsAction
        return Participant(email: email, displayName: json["displayName"]?.words, status: status)
    }

    private static func reminders(_ json: JSONValue) -> [Int] {
        (json["reminders"]?["overrides"]?.list ?? []).compactMap { $0["minutes"]?.whole(in: 0...40_320) }
    }

    /// RRULE, RDATE and EXDATE lines, read by the reader of calendars itself.
    private func read(_ lines: [JSONValue], into event: inout CalendarEvent?) throws(MappingRefusal) {
        guard let master = event else { return }
        let texts = lines.map { $0.text ?? "" }
        let allowed = ["RRULE", "RDATE", "EXDATE"]
        guard
            texts.allSatisfy({ line in
                line.utf8.allSatisfy { $0 >= 32 }
                    && allowed.contains { line.hasPrefix($0 + ":") || line.hasPrefix($0 + ";") }
            })
        else { throw MappingRefusal("It repeats in a way that is not understood.") }
        let body = ["UID:x", GoogleTime.line("DTSTART", master.start), GoogleTime.line("DTEND", master.end)] + texts
        let whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT"] + body + ["END:VEVENT", "END:VCALENDAR", ""]
        guard case .series(let series)? = Self.series(whole.joined(separator: "\r\n"), zones), let read = series.master
        else { throw MappingRefusal("It repeats in a way that is not understood.") }
        event?.rules = read.rules
        event?.recurrenceDates = read.recurrenceDates
        // A time of Google's own in UTC means the instance that begins then.
        event?.exceptionDates = try read.exceptionDates.map { date throws(MappingRefusal) in
            try slot(times.instant(date), of: master)
        }
    }

    private static func series(_ text: String, _ zones: ZoneDatabase) -> SeriesResult? {
        do { return try ICalendarDocument(reading: text).series(zones: zones).first } catch { return nil }
    }

    private func slot(_ row: JSONValue, of master: CalendarEvent?) throws(MappingRefusal) -> EventTime {
        let original = try times.time(row["originalStartTime"], keepsZone: false)
        guard let master else { return original }
        return slot(try times.instant(original), of: master)
    }

    /// RECURRENCE-ID and EXDATE have the form of DTSTART (RFC 5545 §3.8.4.4).
    private func slot(_ instant: Instant, of master: CalendarEvent) -> EventTime {
        switch master.start {
        case .allDay: .allDay(Zone.utc.civil(at: instant).date)
        case .zoned(_, let id): .zoned((zones.zone(id) ?? .utc).civil(at: instant), id)
        case .utc, .floating: .utc(instant)
        }
    }
}
