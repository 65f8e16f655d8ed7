internal import CivilTime
internal import CronofyWire
public import SandboxKit
internal import Synchronization

extension GraphSandbox: SandboxPerson {
    public var address: String { state.withLock { $0.address } }
    public var displayName: String { state.withLock { $0.displayName } }

    public func takePushes() -> [SandboxPush] {
        state.withLock { state in
            defer { state.pushes = [] }
            return state.pushes
        }
    }

    public var calendars: [(id: String, name: String)] {
        state.withLock { $0.calendars.map { ($0.id, $0.name) } }
    }

    public func drafts(in calendar: String) -> [EventDraft] {
        state.withLock { state in
            state.events.values.filter { $0.calendar == calendar }
                .sorted { ($0.start, $0.id) < ($1.start, $1.id) }.map(Self.draft)
        }
    }

    private static func draft(_ event: SandboxEvent) -> EventDraft {
        let isDays = event.isAllDay
        var repeats: EventDraft.Repeat? = event.recurrence == nil ? .never : nil
        if event.recurrence?["range"]?["type"] == .string("noEnd"),
            event.recurrence?["pattern"]?["interval"] == .integer(1),
            event.recurrence?["pattern"]?["daysOfWeek"]?.list?.count ?? 1 == 1
        {
            repeats = event.recurrence?["pattern"]?["type"]?.text.flatMap(EventDraft.Repeat.init(rawValue:))
        }
        return EventDraft(
            id: event.id, title: event.members["subject"]?.text ?? "",
            start: isDays ? event.start.date.description : event.start.description,
            end: isDays ? event.end.date.description : event.end.description, zone: event.zoneName, repeats: repeats)
    }

    public func save(_ draft: EventDraft, in calendar: String) -> SandboxResponse {
        func time(_ text: String) -> JSONValue {
            .object([
                "dateTime": .string(draft.isAllDay ? text + "T00:00:00" : text),
                "timeZone": .string(draft.isAllDay ? "UTC" : draft.zone),
            ])
        }
        var json: [String: JSONValue] = [
            "subject": .string(draft.title), "start": time(draft.start), "end": time(draft.end),
            "isAllDay": .bool(draft.isAllDay),
        ]
        switch draft.repeats {
        case .never: json["recurrence"] = .null
        case .daily, .weekly:
            guard let pattern = Self.recurrence(draft) else {
                return SandboxRefusal(400, "ErrorInvalidRequest").response
            }
            json["recurrence"] = pattern
        case nil: break
        }
        let path =
            draft.id.map { "/me/events/" + SandboxText.encoded($0) }
            ?? "/me/calendars/" + SandboxText.encoded(calendar) + "/events"
        return serve(SandboxRequest(draft.id == nil ? "POST" : "PATCH", path, body: JSONValue.object(json).bytes))
    }

    /// Without end, from the event's first day on.
    private static func recurrence(_ draft: EventDraft) -> JSONValue? {
        guard let date = CivilDate(extended: draft.start.prefix(10)), let repeats = draft.repeats else { return nil }
        var pattern: [String: JSONValue] = ["type": .string(repeats.rawValue), "interval": .integer(1)]
        if repeats == .weekly { pattern["daysOfWeek"] = .array([.string(PatternDays.names[date.weekday.rawValue])]) }
        return .object([
            "pattern": .object(pattern),
            "range": .object(["type": .string("noEnd"), "startDate": .string(date.description)]),
        ])
    }

    public func remove(_ id: String, in calendar: String) {
        _ = serve(SandboxRequest("DELETE", "/me/events/" + SandboxText.encoded(id)))
    }

    public func poison() { poison(in: defaultCalendar) }

    public func move(to zone: String) -> Bool {
        guard ZoneDatabase.system.resolve(name: zone) != nil else { return false }
        state.withLock { $0.zone = zone }
        return true
    }

    public func limitPages(to size: Int?) { state.withLock { $0.pageLimit = size } }
}
