internal import CivilTime
internal import CronofyWire
internal import SandboxKit

extension SandboxState {
    mutating func answer(_ request: SandboxRequest) throws(SandboxRefusal) -> SandboxResponse {
        if !faults.isEmpty { throw faults.removeFirst() }
        var path = request.segments
        if path.first == "subscriptions", path.count <= 2 { return try subscriptions(request, path.dropFirst().first) }
        guard path.first == "me" else { throw SandboxRefusal(404, "ResourceNotFound") }
        // `/me/calendar` is the default calendar, and `/me/calendarView` its view.
        let own = calendars.first { $0.isDefault }?.id ?? ""
        if path.count > 1, path[1] == "calendar" { path.replaceSubrange(1...1, with: ["calendars", own]) }
        if path.count > 1, path[1] == "calendarView" { path.insert(contentsOf: ["calendars", own], at: 1) }
        switch (request.method, path.count, path.dropFirst().first) {
        case ("GET", 1, _): return me(request)
        case ("GET", 2, "mailboxSettings"):
            return SandboxResponse(200, .object(["timeZone": .string(zone)]))
        case ("GET", 2, "calendars"): return list(calendars.map(json), request)
        case ("POST", 2, "calendars"):
            guard let name = try json(request.body)["name"]?.words else { throw SandboxRefusal(400, "BadRequest") }
            return SandboxResponse(201, json(addCalendar(name)))
        case (_, 3..., "calendars"): return try calendar(request, path[2], Array(path[3...]))
        case ("GET", 2, "events"): return events(in: nil, request)
        case ("POST", 2, "events"): return try post(request, in: own)
        case (_, 3..., "events"): return try event(request, path[2], path.dropFirst(3).first)
        default: throw SandboxRefusal(404, "ResourceNotFound")
        }
    }

    private func me(_ request: SandboxRequest) -> SandboxResponse {
        let json: JSONValue = .object([
            "@odata.context": .string(base + "/$metadata#users/$entity"),
            "id": .string("8a6f2a4e-0000-4000-8000-" + SandboxText.subject(of: address).prefix(12)),
            "displayName": .string(displayName), "mail": .string(address), "userPrincipalName": .string(address),
        ])
        return SandboxResponse(200, json.selecting(request))
    }

    private func json(_ entry: CalendarEntry) -> JSONValue {
        .object([
            "id": .string(entry.id), "name": .string(entry.name), "isDefaultCalendar": .bool(entry.isDefault),
            "canEdit": .bool(!readOnly.contains(entry.id)), "hexColor": .string(""), "color": .string("auto"),
            "changeKey": .string("CK0"), "canShare": .bool(true), "canViewPrivateItems": .bool(true),
            "isRemovable": .bool(!entry.isDefault), "isTallyingResponses": .bool(entry.isDefault),
            "owner": .object(["name": .string(displayName), "address": .string(address)]),
        ])
    }

    private mutating func calendar(_ request: SandboxRequest, _ id: String, _ rest: [String]) throws(SandboxRefusal)
        -> SandboxResponse
    {
        guard let place = calendars.firstIndex(where: { $0.id == id }) else {
            throw SandboxRefusal(404, "ErrorItemNotFound")
        }
        switch (request.method, rest) {
        case ("GET", []): return SandboxResponse(200, json(calendars[place]).selecting(request))
        case ("PATCH", []):
            if let name = try json(request.body)["name"]?.words { calendars[place].name = name }
            return SandboxResponse(200, json(calendars[place]))
        case ("DELETE", []):
            guard !calendars[place].isDefault else { throw SandboxRefusal(400, "ErrorDeleteDistinguishedFolder") }
            for event in events.values where event.calendar == id { delete(event) }
            calendars.remove(at: place)
            return SandboxResponse(204)
        case ("GET", ["calendarView", "delta"]), ("GET", ["calendarView", "delta()"]):
            return try delta(request, in: id)
        case ("GET", ["calendarView"]): return try view(id, request)
        case ("GET", ["events"]): return events(in: id, request)
        case ("POST", ["events"]): return try post(request, in: id)
        case ("POST", ["getSchedule"]): return try schedule(request)
        case (_, let rest) where rest.first == "events" && (2...3).contains(rest.count):
            return try event(request, rest[1], rest.count > 2 ? rest[2] : nil)
        default: throw SandboxRefusal(404, "ResourceNotFound")
        }
    }

    private mutating func post(_ request: SandboxRequest, in id: String) throws(SandboxRefusal) -> SandboxResponse {
        try checkWritable(id)
        let json = try json(request.body)
        if let transaction = json["transactionId"]?.text {
            guard transactions[transaction] == nil else { throw SandboxRefusal(400, "ErrorDuplicateTransactionId") }
            let event = try create(json, uid: nil, in: id)
            transactions[transaction] = event.id
            return SandboxResponse(201, event.json(isWhole: false))
        }
        return SandboxResponse(201, try create(json, uid: nil, in: id).json(isWhole: false))
    }

    /// Of `$filter` what is asked here: a UID, or an extended property with a value.
    func matches(_ event: SandboxEvent, _ filter: String?) -> Bool {
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
            let isWhole = request.parameter("$expand") == "exceptionOccurrences"
            return SandboxResponse(200, event.json(isWhole: isWhole).selecting(request))
        case ("GET", "instances"):
            let from = try SandboxTimes.instant(request.parameter("startDateTime"))
            let to = try SandboxTimes.instant(request.parameter("endDateTime"))
            let found = event.occurrences(from: from, to: to).compactMap { event.instance($0.slot, isFull: true) }
            return list(found, request)
        case ("PATCH", nil):
            try checkWritable(event.calendar)
            try checkMatch(request, event)
            try apply(try json(request.body), to: &event)
            keep(event)
            return SandboxResponse(200, (events[id] ?? event).json(isWhole: false))
        case ("DELETE", nil):
            try checkWritable(event.calendar)
            try checkMatch(request, event)
            delete(event)
            return SandboxResponse(204)
        case ("POST", "cancel"):
            try checkWritable(event.calendar)
            delete(event)
            return SandboxResponse(202)
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
        keep(event)
        return request.method == "DELETE"
            ? SandboxResponse(204) : SandboxResponse(200, (events[id] ?? event).instance(date, isFull: true) ?? .null)
    }
}
