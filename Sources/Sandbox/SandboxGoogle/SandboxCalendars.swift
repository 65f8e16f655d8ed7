internal import CivilTime
internal import CronofyWire
internal import SandboxKit

extension SandboxState {
    /// What a `Calendar` has of a list's entry.
    private static let ownMembers: Set<String> = ["id", "etag", "summary", "description", "location", "timeZone"]

    private static func resource(_ entry: CalendarEntry) -> SandboxResponse {
        var members = entry.members.filter { ownMembers.contains($0.key) }
        members["kind"] = .string("calendar#calendar")
        return SandboxResponse(200, .object(members))
    }

    mutating func makeCalendar(_ request: SandboxRequest) throws(GoogleRefusal) -> SandboxResponse {
        let json = try Self.object(request.body)
        guard let name = json["summary"]?.words else { throw GoogleRefusal(400, "required") }
        var members: [String: JSONValue] = ["summary": .string(name)]
        for name in ["description", "location", "timeZone"] { members[name] = json[name] }
        return Self.resource(addCalendar("c\(nextSequence())@group.calendar.google.com", members))
    }

    mutating func calendar(_ request: SandboxRequest, _ place: Int) throws(GoogleRefusal) -> SandboxResponse {
        switch request.method {
        case "GET": return Self.resource(calendars[place])
        case "PUT", "PATCH":
            Self.merge(
                try Self.object(request.body).filter { Self.ownMembers.subtracting(["id", "etag"]).contains($0.key) },
                into: &calendars[place].members)
            return Self.resource(calendars[place])
        case "DELETE":
            guard calendars[place].members["primary"] != .bool(true) else {
                throw GoogleRefusal(400, "cannotDeletePrimary")
            }
            rows[calendars[place].id] = nil
            calendars.remove(at: place)
            return SandboxResponse(204)
        default: throw GoogleRefusal(404, "notFound")
        }
    }

    /// `users/me/…`: the list of calendars, and settings.
    mutating func user(_ request: SandboxRequest, _ path: [String]) throws(GoogleRefusal) -> SandboxResponse {
        guard path[0] == "me" else { throw GoogleRefusal(404, "notFound") }
        switch (path[1], path.count) {
        case ("calendarList", 2): return try list(request)
        case ("calendarList", 3):
            let place = try place(of: path[2])
            if request.method == "PATCH" || request.method == "PUT" {
                Self.merge(try Self.object(request.body), into: &calendars[place].members)
            }
            return SandboxResponse(200, .object(calendars[place].members))
        case ("settings", 2):
            let listing = Listing(calendar: "", waiting: settings, sequence: sequence)
            return answer(listing, size: 100, kind: "calendar#settings", of: nil)
        case ("settings", 3):
            guard let found = settings.first(where: { $0["id"] == .string(path[2]) }) else {
                throw GoogleRefusal(404, "notFound")
            }
            return SandboxResponse(200, found)
        default: throw GoogleRefusal(404, "notFound")
        }
    }

    private mutating func list(_ request: SandboxRequest) throws(GoogleRefusal) -> SandboxResponse {
        guard request.method == "GET" else { throw GoogleRefusal(404, "notFound") }
        var listing = Listing(calendar: "", waiting: calendars.map { .object($0.members) }, sequence: sequence)
        if let token = request.parameter("pageToken") {
            guard let held = listings[token] else { throw GoogleRefusal(400, "invalid") }
            listing = held
        } else if let token = request.parameter("syncToken"), syncTokens[token]?.calendar != "" {
            throw GoogleRefusal(410, "fullSyncRequired")
        }
        return answer(listing, size: size(request, usual: 100), kind: "calendar#calendarList", of: nil)
    }

    private var settings: [JSONValue] {
        [("timezone", zone), ("locale", "en"), ("weekStart", "1"), ("format24HourTime", "true")].map { id, value in
            .object([
                "kind": .string("calendar#setting"), "etag": .string("\"0\""), "id": .string(id),
                "value": .string(value),
            ])
        }
    }
}

/// `colors.get`, of which two are enough to show.
enum SandboxColors {
    static var response: SandboxResponse {
        let color: JSONValue = .object(["background": .string("#a4bdfc"), "foreground": .string("#1d1d1d")])
        return SandboxResponse(
            200,
            .object([
                "kind": .string("calendar#colors"), "updated": .string("2012-02-14T00:00:00.000Z"),
                "calendar": .object(["1": color, "2": color]), "event": .object(["1": color, "2": color]),
            ]))
    }
}
