internal import CivilTime
internal import CronofyWire
internal import SandboxKit

extension SandboxState {
    /// One page of `events.list`.
    mutating func page(_ request: SandboxRequest, in calendar: String) throws(GoogleRefusal) -> SandboxResponse {
        let listing: Listing
        if let token = request.parameter("pageToken") {
            guard let held = listings[token], held.calendar == calendar else { throw GoogleRefusal(400, "invalid") }
            listing = held
        } else {
            listing = Listing(
                calendar: calendar, waiting: try named(request, in: calendar).map(\.json), sequence: sequence)
        }
        return answer(listing, size: size(request, usual: 250), kind: "calendar#events", of: calendar)
    }

    func size(_ request: SandboxRequest, usual: Int) -> Int {
        let size = request.parameter("maxResults").flatMap { Int($0, in: 1...2500) } ?? usual
        return min(size, pageLimit ?? size)
    }

    /// The first `size` of what waits, and the token for the rest.
    mutating func answer(_ listing: Listing, size: Int, kind: String, of calendar: String?) -> SandboxResponse {
        var listing = listing
        let taken = listing.waiting.prefix(size)
        listing.waiting.removeFirst(taken.count)
        var answer: [String: JSONValue] = [
            "kind": .string(kind), "etag": .string("\"\(sequence)\""), "items": .array(Array(taken)),
        ]
        if let entry = calendars.first(where: { $0.id == calendar })?.members {
            for name in ["summary", "timeZone", "accessRole"] { answer[name] = entry[name] }
            answer["updated"] = .string(SandboxClock.stamp(sequence))
            answer["defaultReminders"] = .array([])
        }
        // Never a name that was given before, not even before all were forgotten.
        tokensGiven += 1
        let token = "T\(tokensGiven)"
        if !listing.waiting.isEmpty {
            listings[token] = listing
            answer["nextPageToken"] = .string(token)
        } else if listing.givesSyncToken {
            syncTokens[token] = (listing.calendar, listing.sequence)
            answer["nextSyncToken"] = .string(token)
        }
        return SandboxResponse(200, .object(answer))
    }

    /// What a first page is about, in an order that puts masters anywhere.
    private func named(_ request: SandboxRequest, in calendar: String) throws(GoogleRefusal) -> [SandboxRow] {
        let all = Array((rows[calendar] ?? [:]).values)
        let isSingle = request.parameter("singleEvents") == "true"
        let showsDeleted = request.parameter("showDeleted") == "true"
        let window = try SandboxWindow(request)
        if let token = request.parameter("syncToken") {
            for name in ["iCalUID", "orderBy", "q", "timeMin", "timeMax", "updatedMin"] {
                guard request.parameter(name) == nil else { throw GoogleRefusal(400, "badRequest") }
            }
            guard let held = syncTokens[token], held.calendar == calendar else {
                throw GoogleRefusal(410, "fullSyncRequired")
            }
            let changed = all.filter { $0.sequence > held.sequence }.sorted { $0.sequence < $1.sequence }
            return isSingle ? Self.once(changed.flatMap { singles(of: $0, window, showsDeleted: true) }) : changed
        }
        guard request.parameter("orderBy") != "startTime" || isSingle else { throw GoogleRefusal(400, "badRequest") }
        let uid = request.parameter("iCalUID")
        let words = request.parameter("q")?.lowercased()
        let since = try SandboxWindow.instant(request.parameter("updatedMin"))
        var found = all.filter { row in
            // Cancelled instances belong to what their series says, deleted or not shown.
            (showsDeleted || since != nil || !row.isCancelled || row.master != nil && !isSingle)
                && (uid == nil || row.iCalUID == uid.map { .string($0) })
                && (since.map { SandboxClock.instant(row.sequence) >= $0 } ?? true)
        }
        if isSingle { found = Self.once(found.flatMap { singles(of: $0, window, showsDeleted: showsDeleted) }) }
        found = found.filter { row in
            // A master may reach into any window.
            (!row.lines.isEmpty || window.holds(row)) && (words.map { row.text.contains($0) } ?? true)
        }
        guard request.parameter("orderBy") == "startTime" else {
            return found.sorted { String($0.id.reversed()) < String($1.id.reversed()) }
        }
        return found.sorted { ($0.span?.start.seconds ?? 0, $0.id) < ($1.span?.start.seconds ?? 0, $1.id) }
    }

    /// A changed instance is named by its row and by its series.
    private static func once(_ rows: [SandboxRow]) -> [SandboxRow] {
        var seen: Set<String> = []
        return rows.filter { seen.insert($0.id).inserted }
    }
}

extension SandboxRow {
    /// What `q` looks in.
    fileprivate var text: String {
        ["summary", "description", "location"].compactMap { members[$0]?.text }.joined(separator: "\n").lowercased()
    }
}
