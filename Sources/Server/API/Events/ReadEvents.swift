import Accounts
import CivilTime
import CronofyWire
import Events
import ICalendar

/// `GET /v1/events` and its pages. Needs `read_events`, unless only the application's own events are asked for.
enum ReadEvents {
    /// Records on one page.
    static let pageSize = 100

    static func respond(_ call: APICall) async throws -> APIAnswer {
        try await answer(call, number: 1, after: nil)
    }

    static func page(_ call: APICall) async throws -> APIAnswer {
        guard let token = try PageToken(call.parameter("token"), call: call) else { throw APIError.notFound }
        return try await answer(call.repeating(token.query), number: token.number, after: token.position)
    }

    private static func answer(_ call: APICall, number: Int, after: EventPosition?) async throws -> APIAnswer {
        let query = try EventWindow.query(call)
        guard query.managed == .only || call.scope.allows(.readEvents) else {
            throw APIError.forbidden(scope: Scope.Permission.readEvents.rawValue)
        }
        let page = try await call.services.reader.events(query, after: after, limit: pageSize)
        let span = SpanJSON(
            isLocalized: try call.query.flag("localized_times") ?? false, zones: call.services.zones, fallback: .utc)
        var writer = JSONWriter()
        try writer.object { writer in
            try PagesJSON.write(page.next, total: page.total, number: number, path: "events", call, to: &writer)
            writer.name("events")
            writer.array(page.records) { writer, event in
                writer.object { write(event, span, to: &$0) }
            }
        }
        return .json(writer.bytes)
    }

    private static func write(_ event: EventRecord, _ span: SpanJSON, to writer: inout JSONWriter) {
        writer.member("calendar_id", event.calendar.value)
        writer.member("event_id", ifPresent: event.eventID)
        writer.member("event_uid", event.eventID == nil ? event.uid.external : event.uid.managed)
        writer.member("summary", event.summary ?? "")
        writer.member("description", event.description ?? "")
        span.write(event.span, to: &writer)
        writer.member("deleted", event.isDeleted)
        writer.member("created", ifPresent: (event.created ?? event.updated)?.description)
        writer.member("updated", ifPresent: (event.updated ?? event.created)?.description)
        if let location = event.location {
            writer.name("location")
            writer.object { $0.member("description", location) }
        }
        writer.member("participation_status", event.participation.rawValue)
        writer.name("attendees")
        writer.array(event.attendees) { writer, person in
            writer.object {
                $0.member("email", person.email)
                $0.member("display_name", ifPresent: person.displayName)
                $0.member("status", person.status.rawValue)
            }
        }
        if let organizer = event.organizer {
            writer.name("organizer")
            writer.object {
                $0.member("email", organizer.email)
                $0.member("display_name", ifPresent: organizer.displayName)
            }
        }
        writer.member(
            "transparency",
            event.transparency == .transparent || event.transparency == .workingElsewhere ? "transparent" : "opaque")
        writer.member("extended_transparency", event.transparency.rawValue)
        writer.member("status", event.isDeleted ? "cancelled" : event.status.rawValue)
        writer.name("categories")
        writer.array(event.categories) { $0.value($1) }
        writer.member("recurring", event.series != nil)
        writer.member("series_identifier", ifPresent: event.series)
        writer.member("event_private", event.isPrivate)
        writer.member("url", ifPresent: event.url)
        writer.name("options")
        writer.object {
            $0.member("delete", event.canDelete)
            $0.member("update", event.canUpdate)
            $0.member("change_participation_status", false)
        }
    }
}

extension APICall {
    /// The same caller with another query string.
    func repeating(_ query: String) -> APICall {
        APICall(services: services, caller: caller, queryText: query, body: body, parameters: [:])
    }
}

/// `pages`, which every list has; `next_page` is absent on the last.
enum PagesJSON {
    static func write(
        _ next: EventPosition?, total: Int, number: Int, path: String, _ call: APICall, to writer: inout JSONWriter
    ) throws {
        let size = ReadEvents.pageSize
        let pages = max((total + size - 1) / size, next == nil ? number : number + 1)
        let token = try next.map {
            try PageToken(query: call.queryText, number: number + 1, position: $0).sealed(for: call)
        }
        writer.name("pages")
        writer.object {
            $0.member("current", number)
            $0.member("total", next == nil ? number : pages)
            $0.member("next_page", ifPresent: token.map { "\(call.services.publicURL)/v1/\(path)/pages/\($0)" })
        }
    }
}
