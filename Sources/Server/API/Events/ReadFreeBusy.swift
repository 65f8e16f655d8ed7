import Accounts
import CivilTime
import CronofyWire
import Events

/// `GET /v1/free_busy` and its pages: times only, no field for text.
enum ReadFreeBusy {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        try await answer(call, nil)
    }

    static func page(_ call: APICall) async throws -> APIAnswer {
        let token = try PageToken.opened(in: call)
        return try await answer(call.repeating(token.query), token)
    }

    private static func answer(_ call: APICall, _ token: PageToken?) async throws -> APIAnswer {
        let askedAt = token?.askedAt ?? call.services.now()
        var query = try EventWindow.query(call, askedAt: askedAt)
        query.busyOnly = try !(call.query.flag("include_free") ?? false)
        let hasIDs = try call.query.flag("include_ids") ?? false
        let page = try await call.services.reader.freeBusy(
            query, after: token?.eventProgress, limit: ReadEvents.pageSize)
        let span = SpanJSON(
            isLocalized: try call.query.flag("localized_times") ?? false, zones: call.services.zones, fallback: .utc)
        var writer = JSONWriter()
        try writer.object { writer in
            try PagesJSON(page, token, askedAt: askedAt, path: "free_busy").write(call, to: &writer)
            writer.name("free_busy")
            writer.array(page.records) { writer, record in
                writer.object { writer in
                    writer.member("calendar_id", record.calendar.value)
                    if hasIDs {
                        writer.member("event_id", ifPresent: record.eventID)
                        writer.member("event_uid", record.eventID == nil ? record.uid.external : record.uid.managed)
                    }
                    span.write(record.span, to: &writer)
                    if query.includesDeleted { writer.member("deleted", record.isDeleted) }
                    writer.member("free_busy_status", status(record.weight))
                }
            }
        }
        return .json(writer.bytes)
    }

    private static func status(_ weight: Weight) -> String {
        switch weight {
        case .free: "free"
        case .tentative: "tentative"
        case .busy: "busy"
        }
    }
}
