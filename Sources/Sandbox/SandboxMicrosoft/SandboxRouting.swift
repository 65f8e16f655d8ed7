internal import CivilTime
internal import CronofyWire
internal import SandboxKit

extension SandboxState {
    mutating func answer(_ request: SandboxRequest) throws(SandboxRefusal) -> SandboxResponse {
        if !faults.isEmpty { throw faults.removeFirst() }
        guard let header = request.headers["authorization"], header.hasPrefix("Bearer "),
            tokens.contains(String(header.dropFirst(7)))
        else { throw SandboxRefusal(401, "InvalidAuthenticationToken") }
        let path = request.segments
        switch (request.method, path.count, path.first, path.dropFirst().first) {
        case ("GET", 1, "me", _): return me()
        case ("GET", 2, "me", "mailboxSettings"):
            return SandboxResponse(200, .object(["timeZone": .string("W. Europe Standard Time")]))
        case ("GET", 2, "me", "calendars"):
            return SandboxResponse(200, .object(["value": .array(calendars.map(json))]))
        case ("POST", 2, "me", "calendars"):
            guard case .string(let name)? = try json(request.body)["name"] else {
                throw SandboxRefusal(400, "BadRequest")
            }
            let entry = addCalendar(name)
            return SandboxResponse(201, json(entry))
        case (_, 4..., "me", "calendars"): return try calendar(request, path[2], Array(path[3...]))
        case (_, 3..., "me", "events"): return try event(request, path[2], path.dropFirst(3).first)
        default: throw SandboxRefusal(404, "ResourceNotFound")
        }
    }

    private func me() -> SandboxResponse {
        SandboxResponse(
            200,
            .object([
                "id": .string("8a6f2a4e-0000-4000-8000-000000000001"), "displayName": .string("Anna Guide"),
                "mail": .string(address), "userPrincipalName": .string(address),
            ]))
    }

    private func json(_ entry: CalendarEntry) -> JSONValue {
        .object([
            "id": .string(entry.id), "name": .string(entry.name), "isDefaultCalendar": .bool(entry.isDefault),
            "canEdit": .bool(!readOnly.contains(entry.id)), "hexColor": .string(""),
        ])
    }

    private mutating func calendar(_ request: SandboxRequest, _ id: String, _ rest: [String]) throws(SandboxRefusal)
        -> SandboxResponse
    {
        guard calendars.contains(where: { $0.id == id }) else { throw SandboxRefusal(404, "ErrorItemNotFound") }
        switch (request.method, rest) {
        case ("GET", ["calendarView", "delta"]), ("GET", ["calendarView", "delta()"]):
            return try delta(request, in: id)
        case ("GET", ["events"]):
            let found = events.values.filter { $0.calendar == id && matches($0, request.parameter("$filter")) }
            return SandboxResponse(
                200, .object(["value": .array(found.sorted { $0.id < $1.id }.map { $0.json(isWhole: false) })]))
        case ("POST", ["events"]):
            try checkWritable(id)
            let json = try json(request.body)
            if case .string(let transaction)? = json["transactionId"] {
                guard transactions[transaction] == nil else { throw SandboxRefusal(400, "ErrorDuplicateTransactionId") }
                let event = try create(json, uid: nil, in: id)
                transactions[transaction] = event.id
                return SandboxResponse(201, event.json(isWhole: false))
            }
            return SandboxResponse(201, try create(json, uid: nil, in: id).json(isWhole: false))
        default: throw SandboxRefusal(404, "ResourceNotFound")
        }
    }

    /// Of `$filter` what is asked here: a UID, or an extended property with a value.
    private func matches(_ event: SandboxEvent, _ filter: String?) -> Bool {
        guard let filter else { return true }
        if filter == "iCalUId eq '\(event.uid)'" { return true }
        guard case .array(let properties)? = event.members["singleValueExtendedProperties"] else { return false }
        return properties.contains { property in
            guard case .string(let id)? = property["id"], case .string(let value)? = property["value"] else {
                return false
            }
            let quoted = value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            return filter == "singleValueExtendedProperties/Any(ep: ep/id eq '\(id)' and ep/value eq '\(quoted)')"
        }
    }

    private mutating func event(_ request: SandboxRequest, _ id: String, _ action: String?) throws(SandboxRefusal)
        -> SandboxResponse
    {
        if id.hasPrefix("OID."), let dot = id.lastIndex(of: "."),
            let date = CivilDate(extended: id[id.index(after: dot)...])
        {
            return try instance(request, of: String(id[..<dot].dropFirst(4)), on: date)
        }
        var event = try event(id)
        switch (request.method, action) {
        case ("GET", nil):
            return SandboxResponse(200, event.json(isWhole: request.parameter("$expand") == "exceptionOccurrences"))
        case ("GET", "instances"):
            let from = try SandboxTimes.instant(request.parameter("startDateTime"))
            let to = try SandboxTimes.instant(request.parameter("endDateTime"))
            let found = event.occurrences(from: from, to: to).compactMap { event.instance($0.slot, isFull: true) }
            return SandboxResponse(200, .object(["value": .array(found)]))
        case ("PATCH", nil):
            try checkWritable(event.calendar)
            try checkMatch(request, event)
            try apply(try json(request.body), to: &event)
            event.sequence = nextSequence()
            events[id] = event
            return SandboxResponse(200, event.json(isWhole: false))
        case ("DELETE", nil):
            try checkWritable(event.calendar)
            try checkMatch(request, event)
            delete(event)
            return SandboxResponse(204)
        // Only attendees answer, and here everybody is the organizer.
        case ("POST", "accept"), ("POST", "decline"), ("POST", "tentativelyAccept"):
            throw SandboxRefusal(400, "ErrorInvalidRequest")
        default: throw SandboxRefusal(404, "ResourceNotFound")
        }
    }

    private mutating func instance(_ request: SandboxRequest, of id: String, on date: CivilDate)
        throws(SandboxRefusal) -> SandboxResponse
    {
        var event = try event(id)
        guard !event.cancelled.contains(date), let plain = event.instance(date, isFull: true) else {
            throw SandboxRefusal(404, "ErrorItemNotFound")
        }
        switch request.method {
        case "GET": return SandboxResponse(200, plain)
        case "DELETE":
            try checkWritable(event.calendar)
            event.cancelled.insert(date)
            event.exceptions[date] = nil
        case "PATCH":
            try checkWritable(event.calendar)
            var json = try json(request.body)
            let start = try SandboxTimes.civil(json["start"] ?? plain["start"])
            let end = try SandboxTimes.civil(json["end"] ?? plain["end"])
            (json["start"], json["end"]) = (nil, nil)
            event.exceptions[date] = SandboxEvent.Exception(
                members: (event.exceptions[date]?.members ?? [:]).merging(json) { _, new in new },
                start: start.zone.instant(of: start.time), end: end.zone.instant(of: end.time))
        default: throw SandboxRefusal(405, "Request_BadRequest")
        }
        event.sequence = nextSequence()
        events[id] = event
        return request.method == "DELETE"
            ? SandboxResponse(204) : SandboxResponse(200, event.instance(date, isFull: true) ?? .null)
    }
}
