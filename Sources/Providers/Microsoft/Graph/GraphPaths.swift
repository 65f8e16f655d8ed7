internal import CivilTime

/// Addresses below the version; ids may hold `/`, `+` and `=`.
enum GraphPaths {
    static func calendar(_ id: String) -> String { "/me/calendars/" + GraphClient.segment(id) }
    static func event(_ id: String) -> String { "/me/events/" + GraphClient.segment(id) }

    static func delta(_ calendar: String, from start: Instant, to end: Instant) -> String {
        Self.calendar(calendar) + "/calendarView/delta?startDateTime=\(stamp(start))&endDateTime=\(stamp(end))"
    }

    static func instances(_ id: String, from start: Instant, to end: Instant) -> String {
        event(id) + "/instances?startDateTime=\(stamp(start))&endDateTime=\(stamp(end))&$top=100"
    }

    /// A master with what was changed and deleted of it, which is only given when it is asked for.
    static func whole(_ id: String) -> String {
        event(id) + "?$select=" + fields + ",cancelledOccurrences&$expand=exceptionOccurrences"
    }

    static let fields = [
        "id", "changeKey", "type", "seriesMasterId", "iCalUId", "transactionId", "subject", "body", "bodyPreview",
        "start", "end", "originalStart", "originalStartTimeZone", "isAllDay", "isCancelled", "isOrganizer", "showAs",
        "sensitivity", "location", "categories", "attendees", "organizer", "responseStatus", "recurrence",
        "isReminderOn", "reminderMinutesBeforeStart", "onlineMeeting", "createdDateTime", "lastModifiedDateTime",
    ].joined(separator: ",")

    /// The property in which an event made here keeps its UID, for finding it again.
    static let uidProperty = "String {6f0e1b52-6d0a-4b8e-9f4e-0f1f6a2f7c31} Name AnchorpointUID"

    /// Where the event of a UID may be found: one made here, then one that others made.
    static func searches(_ calendar: String, uid: String) -> [String] {
        let quoted = uid.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        let own = "singleValueExtendedProperties/Any(ep: ep/id eq '\(uidProperty)' and ep/value eq '\(quoted)')"
        return [own, "iCalUId eq '\(quoted)'"].map { filter in
            Self.calendar(calendar) + "/events?$top=1&$filter=" + GraphClient.segment(filter)
        }
    }

    static func stamp(_ instant: Instant) -> String { Zone.utc.civil(at: instant).description + "Z" }
}
