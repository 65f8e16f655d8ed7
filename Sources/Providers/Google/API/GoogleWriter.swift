internal import CivilTime
internal import CronofyWire
internal import GuardedHTTP
internal import ICalendar
internal import ProviderKit

/// Writes and deletes items of one calendar.
struct GoogleWriter: Sendable {
    let client: GoogleClient
    let items: GoogleItems
    let calendar: RemoteCalendarID
    let zones: ZoneDatabase
    let invitations: GoogleInvitations

    private var query: [(name: String, value: String)] { [("sendUpdates", invitations.rawValue)] }

    func put(_ text: String, at id: RemoteItemID, if precondition: WritePrecondition) async throws(RemoteFailure)
        -> WriteReceipt
    {
        let wanted = try await wanted(text)
        guard precondition != .absent else { return try await create(wanted, id.value) }
        let held = try await items.rows(id.value)
        guard let held, let master = held.master else {
            if case .version = precondition { throw .conflict }
            return try await create(wanted, id.value)
        }
        if case .version(let seen) = precondition, seen != held.version { throw .conflict }
        let etag = precondition == .none ? nil : master["etag"]?.words
        return try await update(held, master, to: wanted, ifMatch: etag)
    }

    func delete(_ id: RemoteItemID, ifVersion version: String?) async throws(RemoteFailure) {
        var etag: String?
        if let version {
            guard let held = try await items.rows(id.value) else { return }
            guard held.version == version else { throw .conflict }
            etag = held.master?["etag"]?.words
        }
        do {
            let path = GoogleClient.event(id.value, in: calendar)
            _ = try await client.send(.init("DELETE", path, query: query, ifMatch: etag))
        } catch { if error != .gone { throw error } }
    }

    private func wanted(_ text: String) async throws(RemoteFailure) -> WantedSeries {
        do {
            let series = try WantedSeries.read(text, zones)
            var zone: Zone?
            if let start = series.master?.start, case .floating = start {
                zone = try await items.zoneName().flatMap { zones.resolve(name: $0) }
            }
            return try WantedSeries(series, zones: zones, calendarZone: zone)
        } catch let refusal as MappingRefusal {
            throw .refused(status: 422, reason: refusal.sentence)
        } catch { throw error as? RemoteFailure ?? .unreachable(reason: GoogleFailures.notUnderstood) }
    }

    private func create(_ wanted: WantedSeries, _ id: String) async throws(RemoteFailure) -> WriteReceipt {
        var members = wanted.master.filter { $0.value != .null }
        if !wanted.event.attendees.isEmpty { members["attendees"] = .array(wanted.attendees(over: nil)) }
        members["extendedProperties"] = .object([
            "private": .object([GoogleEventReader.uidProperty: .string(wanted.uid)])
        ])
        if GoogleEventID.isChoosable(id) { members["id"] = .string(id) }
        let call = GoogleClient.Call("POST", GoogleClient.events(calendar), query: query, body: .object(members))
        let answer = try await client.answer(call)
        if answer.status != 409 { return try await finish(try GoogleClient.body(answer), wanted) }
        // An id stays taken when its event is deleted: that event is what comes back to life.
        guard let grave = try await items.row(id), grave["status"]?.text == "cancelled" else { throw .conflict }
        let json = try await client.send(
            .init(
                "PUT", GoogleClient.event(id, in: calendar), query: query, body: .object(members),
                ifMatch: grave["etag"]?.words))
        return try await finish(json, wanted)
    }

    private func update(_ held: GoogleRows, _ master: JSONValue, to wanted: WantedSeries, ifMatch etag: String?)
        async throws(RemoteFailure) -> WriteReceipt
    {
        let attendees = master["attendees"]?.list ?? []
        let own = attendees.first { $0["self"]?.flag == true }
        if let own, master["organizer"]?["self"]?.flag != true {
            return try await respond(held.id, attendees, own, wanted, ifMatch: etag)
        }
        var members = wanted.master
        // Whatever is not private stays as open as it was.
        if !wanted.event.isPrivate, master["visibility"]?.text == "public" { members["visibility"] = nil }
        let people = wanted.attendees(over: master)
        if people != attendees { members["attendees"] = .array(people) }
        let json = try await client.send(
            .init(
                "PATCH", GoogleClient.event(held.id, in: calendar), query: query, body: .object(members), ifMatch: etag)
        )
        return try await finish(json, wanted, mayHaveExceptions: !held.exceptions.isEmpty)
    }

    /// Somebody else's meeting: the answer, and what is the attendee's own. Never a shortened list of attendees.
    private func respond(
        _ id: String, _ attendees: [JSONValue], _ own: JSONValue, _ wanted: WantedSeries, ifMatch etag: String?
    ) async throws(RemoteFailure) -> WriteReceipt {
        var members = wanted.master.filter { ["transparency", "visibility"].contains($0.key) }
        let email = own["email"]?.text?.lowercased()
        let status = wanted.event.attendees.first { $0.email.lowercased() == email }?.status
        let words = ["accepted": "accepted", "declined": "declined", "tentative": "tentative"]
        var isAnswered = false
        if let word = status.flatMap({ words[$0.rawValue] }), word != own["responseStatus"]?.text,
            case .object(var person) = own
        {
            person["responseStatus"] = .string(word)
            members["attendees"] = .array(attendees.map { $0 == own ? .object(person) : $0 })
            isAnswered = true
        }
        let told = [(name: "sendUpdates", value: isAnswered ? "all" : "none")]
        let json = try await client.send(
            .init("PATCH", GoogleClient.event(id, in: calendar), query: told, body: .object(members), ifMatch: etag))
        return WriteReceipt(id: RemoteItemID(id), version: json["recurrence"] == nil ? json["etag"]?.words : nil)
    }

    /// Brings the single instances to what is wanted of them.
    private func finish(_ json: JSONValue, _ wanted: WantedSeries, mayHaveExceptions: Bool = true)
        async throws(RemoteFailure) -> WriteReceipt
    {
        guard let id = json["id"]?.words else { throw .unreachable(reason: GoogleFailures.notUnderstood) }
        let receipt = WriteReceipt(id: RemoteItemID(id), version: json["etag"]?.words)
        guard json["recurrence"]?.list?.isEmpty == false, mayHaveExceptions || !wanted.instances.isEmpty,
            let uid = json["iCalUID"]?.words
        else { return receipt }
        let times = GoogleTime(zones: zones, calendarZone: nil)
        var rows: [Instant: JSONValue] = [:]
        for row in try await items.instances(of: id, iCalUID: uid) {
            do {
                rows[try times.instant(times.time(row["originalStartTime"], keepsZone: false))] = row
            } catch { continue }
        }
        for (slot, members) in wanted.instances.sorted(by: { $0.key < $1.key }) {
            try await set(members, at: slot, of: id, row: rows.removeValue(forKey: slot))
        }
        for (slot, row) in rows.sorted(by: { $0.key < $1.key }) {
            guard let instance = row["id"]?.words, let plain = wanted.plain(at: slot) else { continue }
            try await patch(instance, plain)
        }
        return WriteReceipt(id: RemoteItemID(id), version: nil)
    }

    private func set(_ members: [String: JSONValue]?, at slot: Instant, of id: String, row: JSONValue?)
        async throws(RemoteFailure)
    {
        guard let members else {
            // Its EXDATE is in the master; what was changed of it before goes away.
            if let row, row["status"]?.text != "cancelled", let instance = row["id"]?.words {
                try await delete(RemoteItemID(instance), ifVersion: nil)
            }
            return
        }
        if let instance = row?["id"]?.words { return try await patch(instance, members) }
        guard let instance = try await instance(of: id, at: slot) else {
            throw .refused(status: 422, reason: "The changed instance is none that the series has at Google.")
        }
        try await patch(instance, members)
    }

    private func patch(_ instance: String, _ members: [String: JSONValue]) async throws(RemoteFailure) {
        let path = GoogleClient.event(instance, in: calendar)
        _ = try await client.send(.init("PATCH", path, query: query, body: .object(members)))
    }

    private func instance(of id: String, at slot: Instant) async throws(RemoteFailure) -> String? {
        let start = Zone.utc.civil(at: slot).description + "Z"
        let path = GoogleClient.event(id, in: calendar) + "/instances"
        let page = try await client.send(
            .init("GET", path, query: [("originalStart", start), ("showDeleted", "true")]))
        return page["items"]?.list?.first?["id"]?.words
    }
}
