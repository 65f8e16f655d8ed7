internal import CronofyWire
internal import GuardedHTTP
internal import ProviderKit

/// The calendars of an account.
struct GoogleAccount: Sendable {
    let client: GoogleClient

    func calendars() async throws(RemoteFailure) -> [RemoteCalendar] {
        var found: [RemoteCalendar] = []
        var token: String?
        repeat {
            var query = [("maxResults", "250")]
            if let token { query.append(("pageToken", token)) }
            let page = try await client.send(.init("GET", "/users/me/calendarList", query: query))
            guard let entries = page["items"]?.list else { throw .unreachable(reason: GoogleFailures.notUnderstood) }
            found += entries.compactMap(Self.calendar)
            token = page["nextPageToken"]?.words
        } while token != nil
        return found
    }

    func create(named name: String, color: String?) async throws(RemoteFailure) -> RemoteCalendar {
        let made = try await client.send(.init("POST", "/calendars", body: .object(["summary": .string(name)])))
        guard let id = made["id"]?.words else { throw .unreachable(reason: GoogleFailures.notUnderstood) }
        var calendar = RemoteCalendar(id: RemoteCalendarID(id), name: made["summary"]?.words ?? name)
        calendar.zoneName = made["timeZone"]?.words
        guard let color else { return calendar }
        let entry = try await client.send(
            .init(
                "PATCH", "/users/me/calendarList/" + PercentEncoding.segment(id), query: [("colorRgbFormat", "true")],
                body: .object(["backgroundColor": .string(color), "foregroundColor": .string("#000000")])))
        return Self.calendar(entry) ?? calendar
    }

    /// Nil for what was taken off the list.
    private static func calendar(_ json: JSONValue) -> RemoteCalendar? {
        guard let id = json["id"]?.words, json["deleted"]?.flag != true else { return nil }
        var calendar = RemoteCalendar(
            id: RemoteCalendarID(id), name: json["summaryOverride"]?.words ?? json["summary"]?.words ?? id)
        // Roles to come are read only until they are known.
        let writes: Set<String> = ["owner", "writer", "writerWithoutPrivateAccess"]
        calendar.isReadOnly = !writes.contains(json["accessRole"]?.text ?? "")
        calendar.isPrimary = json["primary"]?.flag == true
        calendar.color = json["backgroundColor"]?.words
        calendar.zoneName = json["timeZone"]?.words
        return calendar
    }
}
