internal import CivilTime
internal import CronofyWire
internal import SandboxKit

extension SandboxState {
    /// Days that one question may span.
    private static let longest: Int64 = 93

    func freeBusy(_ request: SandboxRequest) throws(GoogleRefusal) -> SandboxResponse {
        let json = try Self.object(request.body)
        guard let from = try SandboxWindow.instant(json["timeMin"]?.text),
            let to = try SandboxWindow.instant(json["timeMax"]?.text)
        else { throw GoogleRefusal(400, "required") }
        guard from < to else { throw GoogleRefusal(400, "timeRangeEmpty") }
        guard to.seconds - from.seconds <= Self.longest * 86_400 else { throw GoogleRefusal(400, "timeRangeTooLong") }
        var answers: [String: JSONValue] = [:]
        for item in json["items"]?.list ?? [] {
            guard let id = item["id"]?.text else { throw GoogleRefusal(400, "required") }
            answers[id] = busy(id, from, to)
        }
        return SandboxResponse(
            200,
            .object([
                "kind": .string("calendar#freeBusy"), "timeMin": .string(Self.stamp(from)),
                "timeMax": .string(Self.stamp(to)), "calendars": .object(answers),
            ]))
    }

    /// Merged and without ids, as Google gives it.
    private func busy(_ calendar: String, _ from: Instant, _ to: Instant) -> JSONValue {
        let id: String
        do { id = calendars[try place(of: calendar)].id } catch {
            let fault: JSONValue = .object(["domain": .string("global"), "reason": .string("notFound")])
            return .object(["errors": .array([fault]), "busy": .array([])])
        }
        let window = SandboxWindow(from: from, to: to)
        let masters = (rows[id] ?? [:]).values.filter { $0.master == nil }
        let moved = (rows[id] ?? [:]).values.filter { $0.master != nil }
        let all = masters.flatMap { singles(of: $0, window, showsDeleted: false) } + moved
        let spans = all.filter { $0.blocksTime && window.holds($0) }.compactMap(\.span).sorted { $0.start < $1.start }
        var merged: [(start: Instant, end: Instant)] = []
        for span in spans where span.start < span.end {
            let span = (start: max(span.start, from), end: min(span.end, to))
            if let last = merged.last, span.start <= last.end {
                merged[merged.count - 1].end = max(last.end, span.end)
            } else {
                merged.append(span)
            }
        }
        let busy = merged.map { period -> JSONValue in
            .object(["start": .string(Self.stamp(period.start)), "end": .string(Self.stamp(period.end))])
        }
        return .object(["busy": .array(busy)])
    }

    static func stamp(_ instant: Instant) -> String { Zone.utc.civil(at: instant).description + "Z" }
}
