internal import CivilTime
internal import CronofyWire
public import SandboxKit
internal import Synchronization

extension CalendarSandbox: SandboxPerson {
    public var address: String { primary }

    public func takePushes() -> [SandboxPush] {
        state.withLock { state in
            defer { state.pushes = [] }
            return state.pushes
        }
    }

    public var calendars: [(id: String, name: String)] {
        state.withLock { $0.calendars.map { ($0.id, $0.members["summary"]?.text ?? $0.id) } }
    }

    public func drafts(in calendar: String) -> [EventDraft] {
        state.withLock { state in
            (state.rows[calendar] ?? [:]).values.filter { $0.master == nil && !$0.isCancelled }
                .sorted { ($0.span?.start.seconds ?? 0, $0.id) < ($1.span?.start.seconds ?? 0, $1.id) }
                .map { Self.draft($0, zone: state.zone) }
        }
    }

    private static func draft(_ row: SandboxRow, zone: String) -> EventDraft {
        func text(_ name: String) -> String {
            row.members[name]?["date"]?.text ?? row.members[name]?["dateTime"]?.text.map { String($0.prefix(19)) } ?? ""
        }
        let repeats: EventDraft.Repeat? =
            switch row.lines {
            case []: .never
            case ["RRULE:FREQ=DAILY"]: .daily
            case ["RRULE:FREQ=WEEKLY"]: .weekly
            default: nil
            }
        return EventDraft(
            id: row.id, title: row.members["summary"]?.text ?? "", start: text("start"), end: text("end"),
            zone: row.members["start"]?["timeZone"]?.text ?? zone, repeats: repeats)
    }

    public func save(_ draft: EventDraft, in calendar: String) -> SandboxResponse {
        func time(_ text: String) -> JSONValue {
            draft.isAllDay
                ? .object(["date": .string(text), "dateTime": .null, "timeZone": .null])
                : .object(["dateTime": .string(text), "timeZone": .string(draft.zone), "date": .null])
        }
        var json: [String: JSONValue] = [
            "summary": .string(draft.title), "start": time(draft.start), "end": time(draft.end),
        ]
        switch draft.repeats {
        case .never: json["recurrence"] = .array([])
        case .daily: json["recurrence"] = .array([.string("RRULE:FREQ=DAILY")])
        case .weekly: json["recurrence"] = .array([.string("RRULE:FREQ=WEEKLY")])
        case nil: break
        }
        return send(draft.id == nil ? "POST" : "PATCH", draft.id, in: calendar, .object(json))
    }

    public func remove(_ id: String, in calendar: String) { _ = send("DELETE", id, in: calendar, nil) }

    private func send(_ method: String, _ id: String?, in calendar: String, _ json: JSONValue?) -> SandboxResponse {
        let parts = ["calendars", calendar, "events"] + [id].compactMap { $0 }
        let target = "/calendar/v3/" + parts.map(SandboxText.encoded).joined(separator: "/")
        return serve(SandboxRequest(method, target, body: json?.bytes ?? []))
    }

    public func poison() { poison(in: primary) }

    public func move(to zone: String) -> Bool {
        guard ZoneDatabase.system.resolve(name: zone) != nil else { return false }
        state.withLock { state in
            state.zone = zone
            for place in state.calendars.indices { state.calendars[place].members["timeZone"] = .string(zone) }
        }
        return true
    }

    public func limitPages(to size: Int?) { state.withLock { $0.pageLimit = size } }
}
