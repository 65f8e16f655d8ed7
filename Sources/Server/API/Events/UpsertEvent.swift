import Accounts
import CivilTime
import CronofyWire
import Events
import ICalendar

/// `POST /v1/calendars/{calendar_id}/events`: creates or updates an event. 202; the provider follows.
enum UpsertEvent {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        var draft = EventDraftReader(zones: call.services.zones).draft(&fields)
        draft?.attachments = try await AttachmentReader(call: call).links(&fields)
        guard fields.errors.isEmpty, let draft else { throw fields.errors }
        try await call.services.writer.upsert(
            draft, in: CalendarID(call.parameter("calendar_id")), of: try call.account, by: call.caller.client)
        return .accepted
    }
}

/// `DELETE /v1/calendars/{calendar_id}/events`: by `event_id` or `event_uid`, in the body or the query.
enum DeleteEvent {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let body = call.body == .object([:]) ? call.query.json : call.body
        var fields = Fields(body)
        let target = EventDraftReader(zones: call.services.zones).target(&fields)
        guard fields.errors.isEmpty, let target else { throw fields.errors }
        try await call.services.writer.delete(
            target, in: CalendarID(call.parameter("calendar_id")), of: try call.account, by: call.caller.client)
        return .accepted
    }
}

/// Reads the members of an event (part 1, §9.3).
struct EventDraftReader {
    let zones: ZoneDatabase

    func target(_ fields: inout Fields) -> EventDraft.Target? {
        if let id = fields.text("event_id", most: 256) { return .managed(eventID: id) }
        guard let text = fields.text("event_uid") else {
            if fields.errors.isEmpty { fields.required("event_id") }
            return nil
        }
        guard let uid = EventUID(parsing: text) else {
            fields.fail("event_uid", key: "errors.must_be_external_event_uid", "must be an event_uid of an event")
            return nil
        }
        return .external(uid)
    }

    func draft(_ fields: inout Fields) -> EventDraft? {
        let target = target(&fields)
        let summary = fields.text("summary", most: 1024)
        if summary == nil, fields.raw("summary") != .string("") { fields.required("summary") }
        let zone = zone(&fields)
        let start = time("start", zone, &fields)
        let end = time("end", zone, &fields)
        check(start, end, &fields)
        guard let target, let start, let end else { return nil }
        var draft = EventDraft(target: target, summary: summary ?? "", start: start, end: end)
        readDetails(&fields, into: &draft)
        readPeople(&fields, into: &draft)
        draft.rule = RuleReader(isAllDay: start.isAllDay).rule(&fields)
        return draft
    }

    private func zone(_ fields: inout Fields) -> ZoneID? {
        guard let name = fields.text("tzid") else { return nil }
        guard zones.zone(ZoneID(name)) != nil else {
            fields.fail("tzid", key: "errors.unknown_time_zone", "must be an IANA time zone such as Europe/Paris")
            return nil
        }
        return ZoneID(name)
    }

    /// A Time, a Date, or `{time, tzid}`. Times are UTC whatever the zone: the zone says how they are shown.
    private func time(_ name: String, _ fallback: ZoneID?, _ fields: inout Fields) -> EventTime? {
        guard let value = fields.value(name) else {
            fields.required(name)
            return nil
        }
        var inner = Fields(value, prefix: name + ".")
        let text: String?
        var zone = fallback
        if case .object = value {
            text = inner.text("time")
            if text == nil && inner.errors.isEmpty { inner.required("time") }
            zone = self.zone(&inner) ?? fallback
            fields.merge(inner)
        } else {
            text = fields.text(name)
        }
        guard let text else { return nil }
        do {
            switch try WireTime(parsing: text) {
            case .date(let date): return .allDay(date)
            case .instant(let instant):
                guard let zone, zone != .utc, let known = zones.zone(zone) else { return .utc(instant) }
                let wall = known.civil(at: instant)
                // The second of two equal wall times can only be said in UTC.
                return known.instant(of: wall) == instant ? .zoned(wall, zone) : .utc(instant)
            }
        } catch .fraction {
            fields.fail(name, key: "errors.fractional_seconds", "must have whole seconds")
        } catch {
            fields.fail(
                name, key: "errors.must_be_time",
                "must be a time such as 2031-04-05T06:07:08Z or a date such as 2031-04-05")
        }
        return nil
    }

    private func check(_ start: EventTime?, _ end: EventTime?, _ fields: inout Fields) {
        switch (start, end) {
        case (.allDay(let first), .allDay(let last)):
            if last <= first {
                fields.fail("end", key: "errors.out_of_range", "must be after start; the end date is exclusive")
            }
        case (.allDay, _?), (_?, .allDay):
            fields.fail(
                "end", key: "errors.mixed", "must be a date where start is a date, and a time where it is a time")
        case (let start?, let end?):
            if instant(end) < instant(start) {
                fields.fail("end", key: "errors.out_of_range", "must not be before start")
            }
        default: break
        }
    }

    private func instant(_ time: EventTime) -> Instant {
        switch time {
        case .utc(let instant): instant
        case .zoned(let wall, let zone): zones.zone(zone)?.instant(of: wall) ?? Instant(seconds: wall.wallSeconds)
        case .floating(let wall): Instant(seconds: wall.wallSeconds)
        case .allDay(let date): Instant(seconds: Int64(date.dayNumber) * 86_400)
        }
    }

    private func readDetails(_ fields: inout Fields, into draft: inout EventDraft) {
        draft.description = field("description", most: 4096, &fields)
        draft.url = field("url", most: 2048, &fields)
        if let value = fields.value("location") {
            var inner = Fields(value, prefix: "location.")
            draft.location = field("description", most: 1024, &inner)
            draft.geo = geo(&inner)
            fields.merge(inner)
        }
        draft.joinURL = conferencing(&fields)
        fields.refuseSubscriptions()
        draft.color = color(&fields)
        let names = fields.text("extended_transparency") ?? fields.text("transparency")
        if let names {
            draft.transparency = Transparency(rawValue: names)
            if draft.transparency == nil {
                fields.fail("transparency", key: "errors.unknown_value", "must be opaque or transparent")
            }
        }
        draft.isPrivate = fields.flag("event_private")
        draft.remindersOnCreateOnly = fields.flag("reminders_create_only") ?? false
        guard case .array(let reminders)? = fields.raw("reminders") else { return }
        if reminders.count > 5 { fields.fail("reminders", key: "errors.too_many", "must be at most 5") }
        draft.reminders = reminders.enumerated().compactMap { index, value in
            var inner = Fields(value, prefix: "reminders[\(index)].")
            let minutes = inner.integer("minutes", in: 0...40_320)
            if minutes == nil && inner.errors.isEmpty { inner.required("minutes") }
            fields.merge(inner)
            return minutes.map(Int.init)
        }
    }

    /// `lat` and `long`, both or neither; strings, as they come, or numbers.
    private func geo(_ fields: inout Fields) -> EventDraft.Field<GeoPoint> {
        let (latitude, longitude) = (fields.number("lat"), fields.number("long"))
        guard latitude != nil || longitude != nil else { return .keep }
        guard let latitude, let longitude, let point = GeoPoint(latitude: latitude, longitude: longitude) else {
            fields.fail(
                "lat", key: "errors.invalid",
                "must be degrees, lat from -90 to 90 together with long from -180 to 180")
            return .keep
        }
        return .set(point)
    }

    /// Part 1, §9.4. Where an account has no conferencing service, a link cannot be made: said at once, since
    /// userinfo and calendars say so too.
    private func conferencing(_ fields: inout Fields) -> EventDraft.Field<String> {
        guard let value = fields.value("conferencing") else { return .keep }
        var inner = Fields(value, prefix: "conferencing.")
        defer { fields.merge(inner) }
        switch inner.text("profile_id") {
        case nil:
            if inner.errors.isEmpty { inner.required("profile_id") }
            return .keep
        case "none": return .clear
        case "default", "integrated":
            inner.fail(
                "profile_id", key: "errors.not_supported",
                "must be explicit or none: the account has no conferencing service that could make a link")
            return .keep
        case "explicit":
            guard let url = inner.text("join_url", most: 2048) else {
                if inner.errors.isEmpty { inner.required("join_url") }
                return .keep
            }
            guard url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf8.allSatisfy({ 33...126 ~= $0 }) else {
                inner.fail("join_url", key: "errors.invalid", "must be an http or https address")
                return .keep
            }
            return .set(url)
        default:
            inner.fail(
                "profile_id", key: "errors.unknown_value",
                "must be explicit, none, default, integrated or a conferencing profile of this account")
            return .keep
        }
    }

    private func color(_ fields: inout Fields) -> String? {
        guard let text = fields.text("color") else { return nil }
        guard let name = ColorName.nearest(to: text) else {
            fields.fail("color", key: "errors.invalid", "must be a colour such as #49BED8")
            return nil
        }
        return name
    }

    /// Absent: kept. Null or empty: cleared.
    private func field(_ name: String, most: Int, _ fields: inout Fields) -> EventDraft.Field<String> {
        switch fields.raw(name) {
        case nil: return .keep
        case .null, .string(""): return .clear
        default: return fields.text(name, most: most).map { .set($0) } ?? .keep
        }
    }

    private func readPeople(_ fields: inout Fields, into draft: inout EventDraft) {
        guard let value = fields.value("attendees") else { return }
        var inner = Fields(value, prefix: "attendees.")
        let invited = people("invite", &inner)
        // Both names are in use for taking somebody off (part 1, §16).
        let removed = people("remove", &inner) + people("reject", &inner)
        if invited.count > 500 { inner.fail("invite", key: "errors.too_many", "must be at most 500") }
        fields.merge(inner)
        (draft.inviting, draft.removing) = (invited, removed.map(\.email))
    }

    private func people(_ name: String, _ fields: inout Fields) -> [Participant] {
        (fields.array(name) ?? []).enumerated().compactMap { index, value in
            var person = Fields(value, prefix: "attendees.\(name)[\(index)].")
            let email = person.text("email", most: 320)
            if email == nil && person.errors.isEmpty { person.required("email") }
            let displayName = person.text("display_name", most: 256)
            fields.merge(person)
            return email.map { Participant(email: $0, displayName: displayName) }
        }
    }
}

extension EventTime {
    fileprivate var isAllDay: Bool { if case .allDay = self { true } else { false } }
}

extension Fields {
    /// Part 1, §12. Triggers and interactions are not sent by this server: whoever waits for one is told at once. An empty
    /// list asks for nothing.
    mutating func refuseSubscriptions() {
        guard let wanted = array("subscriptions"), !wanted.isEmpty else { return }
        fail(
            "subscriptions", key: "errors.not_supported",
            "must be empty: this server sends no event triggers; open a notification channel instead")
    }
}
