internal import CivilTime
internal import CronofyWire
internal import Recurrence
internal import SandboxKit

extension SandboxState {
    mutating func answer(_ request: SandboxRequest) throws(GoogleRefusal) -> SandboxResponse {
        if !faults.isEmpty { throw faults.removeFirst() }
        let path = request.segments
        guard path.prefix(2) == ["calendar", "v3"], path.count > 2 else { throw GoogleRefusal(404, "notFound") }
        let rest = Array(path.dropFirst(3))
        switch (request.method, path[2], rest.count) {
        case (_, "users", 2...): return try user(request, rest)
        case ("POST", "calendars", 0): return try makeCalendar(request)
        case (_, "calendars", 1): return try calendar(request, place(of: rest[0]))
        case ("POST", "calendars", 2) where rest[1] == "clear":
            for row in rows[calendars[try place(of: rest[0])].id]?.values ?? [:].values where !row.isCancelled {
                delete(row)
            }
            return SandboxResponse(204)
        case (_, "calendars", 2...) where rest[1] == "events":
            let calendar = calendars[try place(of: rest[0])].id
            return rest.count == 2
                ? try events(request, in: calendar)
                : try event(request, rest[2], rest.count > 3 ? rest[3] : nil, in: calendar)
        case ("POST", "freeBusy", 0): return try freeBusy(request)
        case ("POST", "channels", 1) where rest[0] == "stop": return try stopChannel(request)
        case ("GET", "colors", 0): return SandboxColors.response
        default: throw GoogleRefusal(404, "notFound")
        }
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
        if request.method != "GET", id != "watch" { try checkWritable(calendar) }
        if request.method == "POST", action == nil {
            if id == "watch" { return try watch(request, calendar) }
            if id == "import" { return try importEvent(request, in: calendar) }
        }
        var row = try row(id, in: calendar)
        switch (request.method, action) {
        case ("GET", nil): return SandboxResponse(200, row.json)
        case ("GET", "instances"): return try instances(of: row, request)
        case ("POST", "move"): return try move(row, request)
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

    /// All of them, or the one that began at `originalStart` by its rule.
    private mutating func instances(of master: SandboxRow, _ request: SandboxRequest) throws(GoogleRefusal)
        -> SandboxResponse
    {
        guard let series = SandboxSeries(master) else { throw GoogleRefusal(400, "invalid") }
        let found: [SandboxRow]
        if let original = request.parameter("originalStart") {
            guard let instant = SandboxTime(.object(["dateTime": .string(original)]), .utc)?.start.instant else {
                throw GoogleRefusal(400, "invalid")
            }
            if let row = rows[master.calendar]?[series.instanceID(instant)] {
                found = [row]
            } else {
                found = series.holds(instant) ? [Self.instance(of: master, series, instant)] : []
            }
        } else {
            let window = try SandboxWindow(request)
            found = singles(of: master, window, showsDeleted: request.parameter("showDeleted") == "true")
                .filter(window.holds)
        }
        let listing =
            try request.parameter("pageToken").map { (token) throws(GoogleRefusal) -> Listing in
                guard let held = listings[token] else { throw GoogleRefusal(400, "invalid") }
                return held
            }
            ?? Listing(
                calendar: master.calendar, waiting: found.map(\.json), sequence: sequence, givesSyncToken: false)
        return answer(listing, size: size(request, usual: 250), kind: "calendar#events", of: master.calendar)
    }

    /// A private copy of somebody else's event, with its `iCalUID`.
    private mutating func importEvent(_ request: SandboxRequest, in calendar: String) throws(GoogleRefusal)
        -> SandboxResponse
    {
        var json = try Self.object(request.body)
        guard let uid = json["iCalUID"]?.words else { throw GoogleRefusal(400, "required") }
        json["id"] = nil
        let held = rows[calendar]?.values.first { $0.iCalUID == .string(uid) && $0.master == nil && !$0.isCancelled }
        guard var row = held else { return SandboxResponse(200, try insert(json, iCalUID: uid, in: calendar).json) }
        Self.merge(json, into: &row.members)
        return SandboxResponse(200, try store(row).json)
    }

    private mutating func move(_ row: SandboxRow, _ request: SandboxRequest) throws(GoogleRefusal) -> SandboxResponse {
        guard let name = request.parameter("destination") else { throw GoogleRefusal(400, "required") }
        guard row.master == nil else { throw GoogleRefusal(400, "cannotMoveInstance") }
        let target = calendars[try place(of: name)].id
        try checkWritable(target)
        note(request)
        delete(row)
        var moved = SandboxRow(id: row.id, calendar: target, members: row.members, sequence: 0)
        moved.members["organizer"] = .object(["email": .string(target), "self": .bool(true)])
        return SandboxResponse(200, try store(moved).json)
    }
}
