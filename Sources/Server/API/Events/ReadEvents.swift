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
        try await answer(call, nil)
    }

    static func page(_ call: APICall) async throws -> APIAnswer {
        let token = try PageToken.opened(in: call)
        return try await answer(call.repeating(token.query), token)
    }

    private static func answer(_ call: APICall, _ token: PageToken?) async throws -> APIAnswer {
        let askedAt = token?.askedAt ?? call.services.now()
        let query = try EventWindow.query(call, askedAt: askedAt)
        guard query.managed == .only || call.scope.allows(.readEvents) else {
            throw APIError.forbidden(scope: Scope.Permission.readEvents.rawValue)
        }
        let page = try await call.services.reader.events(query, after: token?.eventProgress, limit: pageSize)
        let hasGeo = try call.query.flag("include_geo") ?? false
        let span = SpanJSON(
            isLocalized: try call.query.flag("localized_times") ?? false, zones: call.services.zones, fallback: .utc)
        var writer = JSONWriter()
        try writer.object { writer in
            try PagesJSON(page, token, askedAt: askedAt, path: "events").write(call, to: &writer)
            writer.name("events")
            writer.array(page.records) { writer, event in
                writer.object { write(event, span, hasGeo: hasGeo, to: &$0) }
            }
        }
        return .json(writer.bytes)
    }

    private static func write(_ event: EventRecord, _ span: SpanJSON, hasGeo: Bool, to writer: inout JSONWriter) {
        writer.member("calendar_id", event.calendar.value)
        writer.member("event_id", ifPresent: event.eventID)
        writer.member("event_uid", event.eventID == nil ? event.uid.external : event.uid.managed)
        writer.member("summary", event.summary ?? "")
        writer.member("description", event.description ?? "")
        span.write(event.span, to: &writer)
        writer.member("deleted", event.isDeleted)
        writer.member("created", ifPresent: (event.created ?? event.updated)?.description)
        writer.member("updated", ifPresent: (event.updated ?? event.created)?.description)
        let geo = hasGeo ? event.geo : nil
        if event.location != nil || geo != nil {
            writer.name("location")
            writer.object {
                $0.member("description", ifPresent: event.location)
                $0.member("lat", ifPresent: geo?.latitude)
                $0.member("long", ifPresent: geo?.longitude)
            }
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
        if let url = event.joinURL {
            writer.member("meeting_url", url)
            writer.name("conferencing")
            writer.object {
                $0.member("provider_name", "explicit")
                $0.member("join_url", url)
            }
        }
        if let writing = event.writing { WriteStateJSON.write(writing, to: &writer) }
        writer.name("options")
        writer.object {
            $0.member("delete", event.canDelete)
            $0.member("update", event.canUpdate)
            $0.member("change_participation_status", event.canAnswer)
        }
    }
}

extension APICall {
    /// The same caller with another query string.
    func repeating(_ query: String) -> APICall {
        APICall(services: services, caller: caller, mark: mark, queryText: query, body: body, parameters: [:])
    }
}

/// What became of the application's last write: Anchorpoint's own member, which SDKs pass over.
enum WriteStateJSON {
    static func write(_ state: WriteState, to writer: inout JSONWriter) {
        writer.name("write")
        writer.object { writer in
            writer.member("state", state.name)
            switch state {
            case .pending(let reason): writer.member("reason", ifPresent: reason)
            case .refused(let reason): writer.member("reason", reason)
            case .written(let overruled):
                guard !overruled.isEmpty else { return }
                writer.name("overruled")
                writer.array(overruled) { $0.value($1) }
            }
        }
    }
}

/// `pages`, which every list has; `next_page` is absent on the last.
struct PagesJSON {
    /// The sort key of the last record; nil on the last page.
    let key: [String]?
    let total: Int
    let number: Int
    let askedAt: Instant
    let path: StaticString

    /// A page of events; `token` is the one it was asked for with.
    init<Record>(_ page: EventPage<Record>, _ token: PageToken?, askedAt: Instant, path: StaticString) {
        self.init(
            key: page.next.map { [String($0.start), String($0.item), String($0.recurrence)] }, total: page.total,
            number: token?.number ?? 1, askedAt: askedAt, path: path)
    }

    init(key: [String]?, total: Int, number: Int, askedAt: Instant, path: StaticString) {
        (self.key, self.total, self.number, self.askedAt, self.path) = (key, total, number, askedAt, path)
    }

    func write(_ call: APICall, to writer: inout JSONWriter) throws {
        let size = ReadEvents.pageSize
        // A client that stops at `total` must not stop before `next_page` does.
        let pages = key == nil ? number : max((total + size - 1) / size, number + 1)
        let token = try key.map {
            try PageToken(query: call.queryText, askedAt: askedAt, number: number + 1, total: total, key: $0)
                .sealed(for: call)
        }
        writer.name("pages")
        writer.object {
            $0.member("current", number)
            $0.member("total", pages)
            $0.member("next_page", ifPresent: token.map { "\(call.services.publicURL)/v1/\(path)/pages/\($0)" })
        }
    }
}
