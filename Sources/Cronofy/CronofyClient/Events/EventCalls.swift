import CronofyWire

extension CronofyAccount {
    /// Creates or updates the application's own event `id` in a calendar. Accepted at once and written on afterwards.
    public func upsert(event id: String, _ draft: EventDraft, in calendar: String) async throws(CronofyError) {
        _ = try await call(EventWrite.upsert(id: id, draft, calendar: calendar).apiCall)
    }

    /// Changes an event that the application did not make; needs unrestricted permission on the calendar.
    public func update(externalEvent uid: String, _ draft: EventDraft, in calendar: String) async throws(CronofyError) {
        _ = try await call(EventWrite.updateExternal(uid: uid, draft, calendar: calendar).apiCall)
    }

    /// Deletes the application's own event `id`; one that is not there is no error.
    public func delete(event id: String, in calendar: String) async throws(CronofyError) {
        _ = try await call(EventWrite.delete(id: id, calendar: calendar).apiCall)
    }

    /// Deletes an event that the application did not make; needs unrestricted permission on the calendar.
    public func delete(externalEvent uid: String, in calendar: String) async throws(CronofyError) {
        _ = try await call(EventWrite.deleteExternal(uid: uid, calendar: calendar).apiCall)
    }

    /// Deletes all events that the application made, in all calendars or in `calendars`.
    public func deleteAllEvents(in calendars: [String]? = nil) async throws(CronofyError) {
        let body: JSONValue =
            if let calendars { .object(["calendar_ids": .texts(calendars)]) } else {
                .object(["delete_all": .bool(true)])
            }
        _ = try await call(.delete("/v1/events", body))
    }

    /// Answers an invitation: `.accepted`, `.tentative` or `.declined`.
    public func answer(
        event uid: String, in calendar: String, _ participation: Event.Participation
    ) async throws(CronofyError) {
        let path = "/v1/calendars/\(APICall.segment(calendar))/events/\(APICall.segment(uid))/participation_status"
        _ = try await call(.post(path, .object(["status": .string(participation.rawValue)])))
    }

    /// Sends up to 50 writes at once. They are independent: the answer holds, in the order of `writes`, nil for each
    /// that was accepted and the error for each that was not.
    public func batch(_ writes: [EventWrite]) async throws(CronofyError) -> [CronofyError?] {
        let entries = writes.map { write in
            let call = write.apiCall
            return JSONValue.object([
                "method": .string(call.method.rawValue), "relative_url": .string(call.path),
                "data": call.body ?? .object([:]),
            ])
        }
        let results = try await call(.post("/v1/batch", .object(["batch": .array(entries)]))).list(
            "batch", of: BatchResult.self)
        guard results.count == writes.count else {
            throw .unexpectedAnswer(path: "batch", wanted: "\(writes.count) entries")
        }
        return results.map(\.error)
    }
}

/// One write, alone or in a batch.
public enum EventWrite: Hashable, Sendable {
    case upsert(id: String, EventDraft, calendar: String)
    case updateExternal(uid: String, EventDraft, calendar: String)
    case delete(id: String, calendar: String)
    case deleteExternal(uid: String, calendar: String)
    case upsertPeriod(AvailablePeriod)
    case deletePeriod(id: String)

    var apiCall: APICall {
        switch self {
        case .upsert(let id, let draft, let calendar):
            .post(Self.path(calendar), draft.json(id: "event_id", id))
        case .updateExternal(let uid, let draft, let calendar):
            .post(Self.path(calendar), draft.json(id: "event_uid", uid))
        case .delete(let id, let calendar): .delete(Self.path(calendar), .object(["event_id": .string(id)]))
        case .deleteExternal(let uid, let calendar):
            .delete(Self.path(calendar), .object(["event_uid": .string(uid)]))
        case .upsertPeriod(let period): .post("/v1/available_periods", period.json)
        case .deletePeriod(let id):
            .delete("/v1/available_periods", .object(["available_period_id": .string(id)]))
        }
    }

    private static func path(_ calendar: String) -> String { "/v1/calendars/\(APICall.segment(calendar))/events" }
}

private struct BatchResult: AnswerReadable {
    let error: CronofyError?

    init(reading answer: AnswerReader) throws(CronofyError) {
        guard let status = Int(exactly: try answer.integer("status")) else {
            throw answer.fault("status", wanted: "a status")
        }
        if (200...299).contains(status) {
            error = nil
        } else {
            var writer = JSONWriter()
            writer.value(answer.member("data") ?? .object([:]))
            error = CronofyError(status: status, body: writer.bytes)
        }
    }
}
