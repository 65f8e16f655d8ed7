internal import CivilTime
internal import CronofyWire
internal import SandboxKit

extension SandboxState {
    /// One page of a plain list, by `$top` and `$skip`; each with what `$select` names.
    func list(_ values: [JSONValue], _ request: SandboxRequest, usual: Int = 10) -> SandboxResponse {
        let asked = request.parameter("$top").flatMap { Int($0, in: 1...1000) } ?? usual
        let size = min(asked, pageLimit ?? asked)
        let skip = request.parameter("$skip").flatMap { Int($0, in: 0...1_000_000) } ?? 0
        let page = values.dropFirst(skip).prefix(size).map { $0.selecting(request) }
        var answer: [String: JSONValue] = [
            "@odata.context": .string(base + "/$metadata#Collection"), "value": .array(Array(page)),
        ]
        if values.count > skip + size {
            let kept =
                request.target.split(separator: "?", maxSplits: 1).dropFirst().first?.split(separator: "&")
                .filter { !$0.hasPrefix("$skip=") && !$0.hasPrefix("%24skip=") } ?? []
            let query = (kept.map(String.init) + ["$skip=\(skip + size)"]).joined(separator: "&")
            answer["@odata.nextLink"] = .string(base + request.path + "?" + query)
        }
        return SandboxResponse(200, .object(answer))
    }

    /// Single events and masters.
    func events(in calendar: String?, _ request: SandboxRequest) -> SandboxResponse {
        let found = events.values.filter { event in
            (calendar == nil || event.calendar == calendar) && matches(event, request.parameter("$filter"))
        }
        return list(found.sorted { $0.id < $1.id }.map { $0.json(isWhole: false) }, request)
    }

    /// `calendarView`: what is in a window, series as their instances.
    func view(_ calendar: String?, _ request: SandboxRequest) throws(SandboxRefusal) -> SandboxResponse {
        let from = try SandboxTimes.instant(request.parameter("startDateTime"))
        let to = try SandboxTimes.instant(request.parameter("endDateTime"))
        return list(occurrences(in: calendar, from, to).map(\.json), request)
    }

    /// Earliest first.
    private func occurrences(in calendar: String?, _ from: Instant, _ to: Instant)
        -> [(json: JSONValue, found: SandboxEvent.Occurrence)]
    {
        events.values.filter { calendar == nil || $0.calendar == calendar }.flatMap { event in
            event.occurrences(from: from, to: to).compactMap { found in
                let json =
                    event.recurrence == nil
                    ? event.json(isWhole: false) : event.instance(found.slot, isFull: true)
                return json.map { (json: $0, found: found) }
            }
        }.sorted { ($0.found.start.seconds, $0.found.end.seconds) < ($1.found.start.seconds, $1.found.end.seconds) }
    }

    /// Days and addresses that one question may have.
    private static let longest: (days: Int64, addresses: Int) = (62, 20)

    /// `getSchedule`: of the person's own mailbox what it holds, of others an error.
    func schedule(_ request: SandboxRequest) throws(SandboxRefusal) -> SandboxResponse {
        // Parameters of actions: Graph's metadata, and so its SDKs, write them with a capital, its documents without.
        let json = Dictionary(
            try json(request.body).map { ($0.key.prefix(1).lowercased() + $0.key.dropFirst(), $0.value) }
        ) { first, _ in first }
        let (start, zone, _) = try SandboxTimes.civil(json["startTime"])
        let (end, endZone, _) = try SandboxTimes.civil(json["endTime"])
        let (from, to) = (zone.instant(of: start), endZone.instant(of: end))
        guard from < to, to.seconds - from.seconds <= Self.longest.days * 86_400 else {
            throw SandboxRefusal(400, "ErrorInvalidTimeInterval")
        }
        let addresses = (json["schedules"]?.list ?? []).compactMap(\.text)
        guard (1...Self.longest.addresses).contains(addresses.count) else {
            throw SandboxRefusal(400, "ErrorInvalidParameter")
        }
        let step = Int64(json["availabilityViewInterval"]?.whole(in: 5...1440) ?? 30) * 60
        return SandboxResponse(
            200,
            .object([
                "@odata.context": .string(base + "/$metadata#Collection(microsoft.graph.scheduleInformation)"),
                "value": .array(addresses.map { schedule(of: $0, from, to, step: step) }),
            ]))
    }

    private func schedule(of who: String, _ from: Instant, _ to: Instant, step: Int64) -> JSONValue {
        guard who.lowercased() == address.lowercased() else {
            return .object([
                "scheduleId": .string(who),
                "error": .object([
                    "responseCode": .string("ErrorMailRecipientNotFound"),
                    "message": .string("The recipient was not found in this stand-in."),
                ]),
            ])
        }
        let items = occurrences(in: nil, from, to).map { entry in
            (from: entry.found.start, to: entry.found.end, status: entry.json["showAs"]?.text ?? "busy", entry.json)
        }.filter { $0.status != "free" }
        let digits = ["free": 0, "workingElsewhere": 0, "tentative": 1, "busy": 2, "oof": 3]
        var view = ""
        var slot = from.seconds
        while slot < to.seconds {
            let held = items.filter { $0.from.seconds < slot + step && $0.to.seconds > slot }
            view += String(held.map { digits[$0.status] ?? 2 }.max() ?? 0)
            slot += step
        }
        return .object([
            "scheduleId": .string(who), "availabilityView": .string(view),
            "scheduleItems": .array(
                items.map { item in
                    .object([
                        "status": .string(item.status), "subject": item.3["subject"] ?? .string(""),
                        "start": SandboxEvent.time(item.from), "end": SandboxEvent.time(item.to),
                        "isPrivate": .bool(item.3["sensitivity"] == .string("private")),
                    ])
                }),
        ])
    }
}

extension JSONValue {
    /// What `$select` names, and what Graph gives anyway.
    func selecting(_ request: SandboxRequest) -> JSONValue {
        guard let select = request.parameter("$select"), case .object(let members) = self else { return self }
        let names = Set(select.split(separator: ",").map(String.init))
            .union((request.parameter("$expand") ?? "").split(separator: ",").map(String.init))
        return .object(members.filter { names.contains($0.key) || $0.key == "id" || $0.key.hasPrefix("@odata") })
    }
}
