internal import CivilTime
internal import CronofyWire
internal import ICalendar
internal import ProviderKit

/// Creates, changes and deletes events.
struct GraphWriter: Sendable {
    let client: GraphClient
    let items: GraphItems
    let mailbox: GraphMailbox
    let calendar: RemoteCalendarID
    let zones: ZoneDatabase

    /// Before it has an id of Graph's an event is addressed by its UID.
    static let byUID = "uid:"

    func find(uid: String) async throws(RemoteFailure) -> String? {
        for search in GraphPaths.searches(calendar.value, uid: uid) {
            let page = try await client.get(search).json
            if let id = page["value"]?.list?.first?["id"]?.words { return id }
        }
        return nil
    }

    /// Graph's own id, or nil where there is no such event.
    func resolve(_ id: RemoteItemID) async throws(RemoteFailure) -> String? {
        guard id.value.hasPrefix(Self.byUID) else { return id.value }
        return try await find(uid: String(id.value.dropFirst(Self.byUID.count)))
    }

    func put(_ text: String, at id: RemoteItemID, if precondition: WritePrecondition) async throws(RemoteFailure)
        -> WriteReceipt
    {
        let wanted = try await wanted(text)
        if precondition != .absent || !id.value.hasPrefix(Self.byUID), let held = try await resolve(id),
            let json = try await items.json(held)
        {
            return try await update(held, json, to: wanted, if: precondition)
        }
        if case .version = precondition { throw .conflict }
        return try await create(wanted)
    }

    func delete(_ id: RemoteItemID, ifVersion version: String?) async throws(RemoteFailure) {
        guard let held = try await resolve(id) else { return }
        do {
            var etag: String?
            if let version {
                guard let json = try await items.json(held) else { return }
                guard GraphItems.version(json) == version else { throw RemoteFailure.conflict }
                etag = Self.etag(version)
            }
            _ = try await client.send("DELETE", GraphPaths.event(held), nil, ifMatch: etag)
        } catch {
            if error as? RemoteFailure == .gone { return }
            throw error as? RemoteFailure ?? .unreachable(reason: "Microsoft could not be reached.")
        }
    }

    private func wanted(_ text: String) async throws(RemoteFailure) -> WantedSeries {
        let zoneName = try await mailbox.profile().zoneName
        do {
            return try WantedSeries(text, zones: zones, mailboxZone: zoneName.flatMap { zones.resolve(name: $0) })
        } catch { throw .refused(status: 422, reason: error.sentence) }
    }

    private func create(_ wanted: WantedSeries, attempt: String = "0") async throws(RemoteFailure) -> WriteReceipt {
        var members = wanted.master
        members["attendees"] = .array(wanted.attendees)
        members["transactionId"] = .string(GraphUID.transaction(wanted.uid, attempt: attempt))
        members["singleValueExtendedProperties"] = .array([
            .object(["id": .string(GraphPaths.uidProperty), "value": .string(wanted.uid)])
        ])
        let request = GraphRequest(
            "POST", GraphPaths.calendar(calendar.value) + "/events",
            headers: ["Prefer": GraphClient.preferences, "Content-Type": "application/json"],
            body: JSONValue.object(members.filter { $0.value != .null }).bytes)
        let answer = try await client.answer(request)
        if GraphFailures.code(answer) == "ErrorDuplicateTransactionId" {
            guard try await find(uid: wanted.uid) == nil else { throw .conflict }
            // The event of that creation was deleted since; a second refusal is left to the next try.
            guard attempt == "0" else { throw .unreachable(reason: "Microsoft refuses to make the event again yet.") }
            return try await create(wanted, attempt: String(UInt64.random(in: .min ... .max), radix: 36))
        }
        guard (200..<300).contains(answer.status) else { throw GraphFailures.failure(answer) }
        guard let json = GraphFailures.json(answer), let id = json["id"]?.words else {
            throw .unreachable(reason: "Microsoft's answer could not be understood.")
        }
        return try await finish(id, json, wanted)
    }

    private func update(
        _ id: String, _ held: JSONValue, to wanted: WantedSeries, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> WriteReceipt {
        let version = GraphItems.version(held)
        switch precondition {
        case .absent: throw .conflict
        case .version(let seen): guard seen == version else { throw .conflict }
        case .none: break
        }
        let etag = precondition == .none ? nil : version.map(Self.etag)
        if held["isOrganizer"]?.flag == false {
            return try await answer(id, held, wanted, ifMatch: etag)
        }
        var members = wanted.master
        if wanted.keepsRecurrence(of: held) { members["recurrence"] = nil }
        if !wanted.attendees.isEmpty || held["attendees"]?.list?.isEmpty == false {
            members["attendees"] = .array(wanted.attendees)
        }
        let json = try await client.send("PATCH", GraphPaths.event(id), .object(members), ifMatch: etag)
        return try await finish(id, json, wanted)
    }

    /// Somebody else's meeting: the answer, and what is the attendee's own.
    private func answer(_ id: String, _ held: JSONValue, _ wanted: WantedSeries, ifMatch etag: String?)
        async throws(RemoteFailure) -> WriteReceipt
    {
        let own = ["showAs", "categories", "isReminderOn", "reminderMinutesBeforeStart", "sensitivity"]
        _ = try await client.send(
            "PATCH", GraphPaths.event(id), .object(wanted.master.filter { own.contains($0.key) }), ifMatch: etag)
        let owner = try await mailbox.profile().owner
        let actions = ["ACCEPTED": "accept", "DECLINED": "decline", "TENTATIVE": "tentativelyAccept"]
        let answers = ["accept": "accepted", "decline": "declined", "tentativelyAccept": "tentativelyAccepted"]
        if let action = GraphPeople.answer(wanted.component, owner: owner).flatMap({ actions[$0] }),
            held["responseStatus"]?["response"]?.text != answers[action]
        {
            _ = try await client.send(
                "POST", GraphPaths.event(id) + "/" + action, .object(["sendResponse": .bool(true)]))
        }
        return WriteReceipt(id: RemoteItemID(id), version: nil)
    }

    /// Changes and deletes the instances that differ from their series, one by one.
    private func finish(_ id: String, _ json: JSONValue, _ wanted: WantedSeries) async throws(RemoteFailure)
        -> WriteReceipt
    {
        for (slot, members) in wanted.instances {
            guard let instance = try await instance(of: id, at: slot) else {
                if members == nil { continue }
                throw .refused(status: 422, reason: "The changed instance is none that the series has at Microsoft.")
            }
            if let members {
                _ = try await client.send("PATCH", GraphPaths.event(instance), .object(members))
            } else {
                _ = try await client.send("DELETE", GraphPaths.event(instance), nil)
            }
        }
        return WriteReceipt(
            id: RemoteItemID(id), version: wanted.instances.isEmpty ? GraphItems.version(json) : nil)
    }

    private func instance(of id: String, at slot: Instant) async throws(RemoteFailure) -> String? {
        let day: Int64 = 86_400
        let (from, to) = (Instant(seconds: slot.seconds - 40 * day), Instant(seconds: slot.seconds + 40 * day))
        let page = try await client.get(GraphPaths.instances(id, from: from, to: to)).json
        let times = GraphTime(zones: zones)
        return (page["value"]?.list ?? []).first { json in
            if let original = GraphTime.stamp(json["originalStart"]?.text) { return original == slot }
            do { return try times.instant(json["start"]) == slot } catch { return false }
        }?["id"]?.words
    }

    private static func etag(_ version: String) -> String { "W/\"\(version)\"" }
}
