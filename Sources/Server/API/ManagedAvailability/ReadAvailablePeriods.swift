import Accounts
import CivilTime
import CronofyWire
import Events
import Scheduling

/// `GET /v1/available_periods` and its pages: all, or those that start before `to` and end on or after `from`.
enum ReadAvailablePeriods {
    static func respond(_ call: APICall) async throws -> APIAnswer { try await answer(call, nil) }

    static func page(_ call: APICall) async throws -> APIAnswer {
        let token = try PageToken.opened(in: call)
        return try await answer(call.repeating(token.query), token)
    }

    private static func answer(_ call: APICall, _ token: PageToken?) async throws -> APIAnswer {
        let bounds = try bounds(call)
        let (hours, account, client) = (call.services.openHours, try call.account, call.caller.client)
        let size = ReadEvents.pageSize
        let found = try await hours.periods(
            of: account, by: client, from: bounds.from, to: bounds.to, after: token.flatMap(position), limit: size + 1)
        let total =
            if let token { token.total } else {
                try await hours.countPeriods(of: account, by: client, from: bounds.from, to: bounds.to)
            }
        let key = found.count > size ? found[size - 1] : nil
        let isLocalized = try call.query.flag("localized_times") ?? false
        let span = SpanJSON(isLocalized: isLocalized, zones: call.services.zones, fallback: .utc)
        var writer = JSONWriter()
        try writer.object { writer in
            try PagesJSON(
                key: key.map { [String($0.period.start.seconds), $0.id] }, total: total, number: token?.number ?? 1,
                askedAt: token?.askedAt ?? call.services.now(), path: "available_periods"
            ).write(call, to: &writer)
            writer.name("available_periods")
            writer.array(found.prefix(size)) { writer, period in
                writer.object {
                    $0.member("available_period_id", period.id)
                    span.write(
                        .instants(period.period.start, period.period.end, startZone: period.zone, endZone: nil),
                        to: &$0)
                }
            }
        }
        return .json(writer.bytes)
    }

    private static func position(_ token: PageToken) -> (start: Int64, id: String)? {
        // Sealed by us, and only compared with.
        guard token.key.count == 2, let start = Int64(token.key[0]) else { return nil }
        return (start, token.key[1])
    }

    /// `tzid` is needed where a bound is given.
    private static func bounds(_ call: APICall) throws -> (from: Instant?, to: Instant?) {
        guard call.query["from"] != nil || call.query["to"] != nil else { return (nil, nil) }
        return try EventWindow.bounds(call)
    }
}
