internal import CivilTime
internal import CronofyWire
internal import Recurrence
internal import SandboxKit

extension SandboxState {
    mutating func answer(_ request: SandboxRequest) throws(GoogleRefusal) -> SandboxResponse {
        if !faults.isEmpty { throw faults.removeFirst() }
        guard let header = request.headers["authorization"], header.hasPrefix("Bearer "),
            tokens.contains(String(header.dropFirst(7)))
        else { throw GoogleRefusal(401, "authError") }
        var path = request.segments[...]
        guard path.prefix(2) == ["calendar", "v3"] else { throw GoogleRefusal(404, "notFound") }
        path = path.dropFirst(2)
        switch (request.method, path.first, path.count) {
        case (_, "users", 3...): return try list(request, Array(path.dropFirst()))
        case ("POST", "calendars", 1):
            let json = try Self.object(request.body)
            guard case .string(let name)? = json["summary"] else { throw GoogleRefusal(400, "required") }
            let entry = addCalendar("c\(nextSequence())@group.calendar.google.com", ["summary": .string(name)])
            return SandboxResponse(200, .object(entry.members))
        case (_, "calendars", 3...):
            let rest = Array(path.dropFirst())
            let calendar = calendars[try place(of: rest[0])].id
            guard rest[1] == "events" else { throw GoogleRefusal(404, "notFound") }
            return rest.count == 2
                ? try events(request, in: calendar)
                : try event(request, rest[2], rest.count > 3 ? rest[3] : nil, in: calendar)
        default: throw GoogleRefusal(404, "notFound")
        }
    }

    private mutating func list(_ request: SandboxRequest, _ path: [String]) throws(GoogleRefusal) -> SandboxResponse {
        guard path.prefix(2) == ["me", "calendarList"] else { throw GoogleRefusal(404, "notFound") }
        guard path.count == 3 else {
            return SandboxResponse(
                200,
                .object([
                    "kind": .string("calendar#calendarList"), "etag": .string("\"\(sequence)\""),
                    "items": .array(calendars.map { .object($0.members) }), "nextSyncToken": .string("L\(sequence)"),
                ]))
        }
        let place = try place(of: path[2])
        if request.method == "PATCH" { Self.merge(try Self.object(request.body), into: &calendars[place].members) }
        return SandboxResponse(200, .object(calendars[place].members))
    }

    private mutating func events(_ request: SandboxRequest, in calendar: String) throws(GoogleRefusal)
        -> SandboxResponse
    {
        switch request.method {
        case "GET": return try page(request, in: calendar)
        case "POST":
            try checkWritable(calendar)
            note(request)
            return SandboxResponse(200, try insert(Self.object(request.body), iCalUID: nil, in: calendar).json)
        default: throw GoogleRefusal(404, "notFound")
        }
    }

    private mutating func event(_ request: SandboxRequest, _ id: String, _ action: String?, in calendar: String)
        throws(GoogleRefusal) -> SandboxResponse
    {
        // Whether somebody may write is asked before what.
        if request.method != "GET" { try checkWritable(calendar) }
        var row = try row(id, in: calendar)
        switch (request.method, action) {
        case ("GET", nil): return SandboxResponse(200, row.json)
        case ("GET", "instances"): return try instances(of: row, at: request.parameter("originalStart"))
        case ("PUT", nil), ("PATCH", nil):
            try Self.checkMatch(request, row)
            let json = try Self.object(request.body)
            if request.method == "PUT" {
                let kept = ["iCalUID", "created", "organizer", "eventType", "recurringEventId", "originalStartTime"]
                row.members = row.members.filter { kept.contains($0.key) }
                row.members["status"] = .string("confirmed")
            }
            Self.merge(json.filter { !["id", "etag"].contains($0.key) }, into: &row.members)
            note(request)
            return SandboxResponse(200, try store(row).json)
        case ("DELETE", nil):
            guard !row.isCancelled else { throw GoogleRefusal(410, "deleted") }
            try Self.checkMatch(request, row)
            note(request)
            delete(row)
            return SandboxResponse(204)
        default: throw GoogleRefusal(404, "notFound")
        }
    }

    private mutating func note(_ request: SandboxRequest) {
        mail.append(request.parameter("sendUpdates") ?? "none")
    }

    private func instances(of master: SandboxRow, at original: String?) throws(GoogleRefusal) -> SandboxResponse {
        // Of all instances at once only what is asked here: the one that begins then.
        guard let series = SandboxSeries(master), let original,
            let time = SandboxTime(.object(["dateTime": .string(original)]), .utc)
        else { throw GoogleRefusal(400, "invalid") }
        let instant = time.start.instant
        let found: [SandboxRow]
        if let row = rows[master.calendar]?[series.instanceID(instant)] {
            found = [row]
        } else {
            found = series.holds(instant) ? [Self.instance(of: master, series, instant)] : []
        }
        return SandboxResponse(
            200, .object(["kind": .string("calendar#events"), "items": .array(found.map(\.json))]))
    }
}
