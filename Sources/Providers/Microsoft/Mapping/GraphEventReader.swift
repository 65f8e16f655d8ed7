internal import CivilTime
internal import CronofyWire
internal import ICalendar
internal import ProviderKit

/// Turns an `event` of Graph into a VEVENT.
struct GraphEventReader {
    let zones: ZoneDatabase
    /// Where a series is meant whose own zone has no name that is known: the mailbox's.
    var mailboxZone: Zone?
    private var times: GraphTime { GraphTime(zones: zones) }

    init(zones: ZoneDatabase, mailboxZone: Zone? = nil) { (self.zones, self.mailboxZone) = (zones, mailboxZone) }

    /// When an event is, in the form that it has in iCalendar.
    struct Times {
        var start, end: EventTime
        /// For RECURRENCE-ID and EXDATE: the same form as the start.
        func slot(_ instant: Instant, _ zones: ZoneDatabase) -> EventTime {
            switch start {
            case .allDay: .allDay(Zone.utc.civil(at: instant).date)
            case .zoned(_, let id): .zoned((zones.zone(id) ?? .utc).civil(at: instant), id)
            case .utc, .floating: .utc(instant)
            }
        }
    }

    func times(_ json: JSONValue, zone wanted: Zone? = nil) throws(MappingRefusal) -> Times {
        if json["isAllDay"]?.flag == true {
            let start = try times.date(json["start"])
            let end = try times.date(json["end"])
            guard end > start else { throw MappingRefusal("It ends before it begins.") }
            return Times(start: .allDay(start), end: .allDay(end))
        }
        let (start, end) = (try times.instant(json["start"]), try times.instant(json["end"]))
        guard end >= start else { throw MappingRefusal("It ends before it begins.") }
        var zone = wanted
        if zone == nil { zone = try self.zone(of: json) }
        guard let zone, zone.id != .utc else {
            return Times(start: .utc(start), end: .utc(end))
        }
        return Times(start: .zoned(zone.civil(at: start), zone.id), end: .zoned(zone.civil(at: end), zone.id))
    }

    /// The zone to keep. A single event without one stays where it is; a series would move with the clocks of a zone it
    /// was never in, so one must be found.
    func zone(of json: JSONValue) throws(MappingRefusal) -> Zone? {
        let name = json["originalStartTimeZone"]?.words
        if let zone = times.zone(name) { return zone }
        guard case .object? = json["recurrence"] else { return nil }
        if let zone = times.zone(json["recurrence"]?["range"]?["recurrenceTimeZone"]?.words) ?? mailboxZone {
            return zone
        }
        throw MappingRefusal("It repeats in a time zone that is not known, '\(name ?? "")'.")
    }

    /// - Parameter owner: the owner's addresses in lower case, whose answer Graph keeps apart.
    func component(_ json: JSONValue, uid: String, times: Times, owner: Set<String>) -> Component {
        var event = Component("VEVENT", properties: [Property("UID", uid)])
        let changed = GraphTime.stamp(json["lastModifiedDateTime"]?.text)
        event.add("DTSTAMP", (changed ?? Instant(seconds: 0)).iCalendarText)
        event.add("CREATED", GraphTime.stamp(json["createdDateTime"]?.text)?.iCalendarText)
        event.add("LAST-MODIFIED", changed?.iCalendarText)
        event.properties.append(.time("DTSTART", times.start))
        event.properties.append(.time("DTEND", times.end))
        event.add("SUMMARY", text: json["subject"]?.words)
        event.add("DESCRIPTION", text: Self.body(json))
        event.add("LOCATION", text: json["location"]?["displayName"]?.words)
        event.add("CONFERENCE", json["onlineMeeting"]?["joinUrl"]?.words)
        addStanding(json, to: &event)
        GraphPeople.read(json, owner: owner, into: &event)
        event.addCategories(json["categories"]?.list?.compactMap(\.words) ?? [])
        if json["isReminderOn"]?.flag == true,
            let minutes = json["reminderMinutesBeforeStart"]?.whole(in: 0...1_000_000)
        {
            event.addReminder(minutes)
        }
        return event
    }

    /// Text where Graph gave what it was asked for; of HTML only the beginning, which it gives as text.
    private static func body(_ json: JSONValue) -> String? {
        guard json["body"]?["contentType"]?.text?.lowercased() == "text" else { return json["bodyPreview"]?.words }
        return json["body"]?["content"]?.words
    }

    private func addStanding(_ json: JSONValue, to event: inout Component) {
        event.add("STATUS", json["isCancelled"]?.flag == true ? "CANCELLED" : "CONFIRMED")
        let showAs = json["showAs"]?.text
        event.add("TRANSP", showAs == "free" ? "TRANSPARENT" : "OPAQUE")
        // `unknown` and words to come block time: doubt means busy.
        let words = ["tentative": "TENTATIVE", "oof": "OOF", "workingElsewhere": "WORKINGELSEWHERE"]
        event.add("X-MICROSOFT-CDO-BUSYSTATUS", showAs.flatMap { words[$0] })
        switch json["sensitivity"]?.text {
        case "private": event.add("CLASS", "PRIVATE")
        case "confidential": event.add("CLASS", "CONFIDENTIAL")
        default: break
        }
    }
}
