internal import CivilTime
internal import CronofyWire
internal import SandboxKit

extension SandboxState {
    /// One page of `events.list`, with `singleEvents=false`.
    mutating func page(_ request: SandboxRequest, in calendar: String) throws(GoogleRefusal) -> SandboxResponse {
        var listing: Listing
        if let token = request.parameter("pageToken") {
            guard let held = listings[token], held.calendar == calendar else { throw GoogleRefusal(400, "invalid") }
            listing = held
        } else {
            listing = Listing(calendar: calendar, waiting: try named(request, in: calendar), sequence: sequence)
        }
        let size = request.parameter("maxResults").flatMap { Int($0, in: 1...2500) } ?? 250
        let taken = listing.waiting.prefix(size)
        listing.waiting.removeFirst(taken.count)
        var answer: [String: JSONValue] = [
            "kind": .string("calendar#events"), "etag": .string("\"\(sequence)\""),
            "timeZone": .string("Europe/Berlin"), "accessRole": .string("owner"),
            "items": .array(taken.map(\.json)),
        ]
        // Never a name that was given before, not even before all were forgotten.
        tokensGiven += 1
        let token = "T\(tokensGiven)"
        if listing.waiting.isEmpty {
            syncTokens[token] = (calendar, listing.sequence)
            answer["nextSyncToken"] = .string(token)
        } else {
            listings[token] = listing
            answer["nextPageToken"] = .string(token)
        }
        return SandboxResponse(200, .object(answer))
    }

    /// What a first page is about, in an order that puts masters anywhere.
    private func named(_ request: SandboxRequest, in calendar: String) throws(GoogleRefusal) -> [SandboxRow] {
        let all = (rows[calendar] ?? [:]).values
        if let token = request.parameter("syncToken") {
            for name in ["iCalUID", "orderBy", "q", "timeMin", "timeMax", "updatedMin"] {
                guard request.parameter(name) == nil else { throw GoogleRefusal(400, "badRequest") }
            }
            guard let held = syncTokens[token], held.calendar == calendar else {
                throw GoogleRefusal(410, "fullSyncRequired")
            }
            return all.filter { $0.sequence > held.sequence }.sorted { $0.sequence < $1.sequence }
        }
        let showsDeleted = request.parameter("showDeleted") == "true"
        let uid = request.parameter("iCalUID")
        return all.filter { row in
            // Cancelled instances belong to what their series says, deleted or not shown.
            (showsDeleted || !row.isCancelled || row.master != nil)
                && (uid == nil || row.iCalUID == uid.map { .string($0) })
        }.sorted { String($0.id.reversed()) < String($1.id.reversed()) }
    }
}
