internal import CivilTime
internal import CronofyWire
internal import SandboxKit

/// A round of `calendarView/delta` that waits for its next request.
struct SandboxRound {
    let calendar: String
    let from, to: Instant
    /// Changes up to here are told, or are in `waiting`.
    var sequence: Int
    /// Each a single event or a whole series, which Graph never parts over pages.
    var waiting: [[JSONValue]]
}

extension SandboxState {
    mutating func delta(_ request: SandboxRequest, in calendar: String) throws(SandboxRefusal) -> SandboxResponse {
        let token = request.parameter("$skiptoken") ?? request.parameter("$deltatoken")
        var round: SandboxRound
        if let token {
            guard let known = rounds[token], known.calendar == calendar else {
                throw SandboxRefusal(410, "SyncStateNotFound")
            }
            round = known
            if request.parameter("$deltatoken") != nil { round.waiting = changes(&round) }
        } else {
            let from = try SandboxTimes.instant(request.parameter("startDateTime"))
            let to = try SandboxTimes.instant(request.parameter("endDateTime"))
            round = SandboxRound(calendar: calendar, from: from, to: to, sequence: sequence, waiting: [])
            round.waiting = events.values.filter { $0.calendar == calendar }.sorted { $0.id < $1.id }
                .compactMap { unit($0, round) }
        }
        return page(&round, request)
    }

    private mutating func page(_ round: inout SandboxRound, _ request: SandboxRequest) -> SandboxResponse {
        var values: [JSONValue] = []
        var taken = 0
        for unit in round.waiting {
            guard values.isEmpty || values.count + unit.count <= min(request.pageSize, pageLimit ?? .max) else { break }
            values += unit
            taken += 1
        }
        round.waiting.removeFirst(taken)
        number += 1
        let token = "T\(number)"
        rounds[token] = round
        let isLast = round.waiting.isEmpty
        let link = base + request.path
        return SandboxResponse(
            200,
            .object([
                "value": .array(values),
                isLast ? "@odata.deltaLink" : "@odata.nextLink":
                    .string(link + (isLast ? "?$deltatoken=" : "?$skiptoken=") + token),
            ]))
    }

    /// A single event, or a master with its occurrences; nil where none of it is in the window.
    private func unit(_ event: SandboxEvent, _ round: SandboxRound) -> [JSONValue]? {
        let found = event.occurrences(from: round.from, to: round.to)
        guard !found.isEmpty else { return nil }
        guard event.recurrence != nil else { return [event.json(isWhole: false)] }
        return [event.json(isWhole: false)] + found.compactMap { event.instance($0.slot, isFull: false) }
    }

    /// What happened since; what is touched outside the window is told as removed.
    private func changes(_ round: inout SandboxRound) -> [[JSONValue]] {
        let since = round.sequence
        round.sequence = sequence
        let changed = events.values.filter { $0.calendar == round.calendar && $0.sequence > since }
            .sorted { $0.sequence < $1.sequence }
        let now = round
        let units = changed.map { unit($0, now) ?? [Self.removed($0.id)] }
        let gone = graves.filter { $0.value.calendar == now.calendar && $0.value.sequence > since }
        return units + gone.keys.sorted().map { [Self.removed($0)] }
    }

    private static func removed(_ id: String) -> JSONValue {
        .object(["id": .string(id), "@removed": .object(["reason": .string("deleted")])])
    }
}
