import Accounts
import CivilTime
import CronofyWire
import Events

/// The query parameters that events and free-busy share (part 1, §3.2 and §9.1).
enum EventWindow {
    /// Days back and ahead that are kept (docs/standards.md); hosted Cronofy keeps 201 ahead.
    static let daysBack: Int64 = 42
    static let daysAhead: Int64 = 731

    /// `askedAt` is when the read began, at its first page.
    static func query(_ call: APICall, askedAt: Instant) throws -> EventQuery {
        var errors = WireErrors()
        var query = EventQuery(account: try call.account, client: call.caller.client)
        let zone = try zone(call)
        func flag(_ name: String) -> Bool {
            do { return try call.query.flag(name) ?? false } catch {
                errors.add(name, key: "errors.must_be_boolean", "must be true or false")
                return false
            }
        }
        (query.from, query.to) = (bound("from", zone, call, &errors), bound("to", zone, call, &errors))
        query.calendars = call.query.list("calendar_ids").map { Set($0.filter { !$0.isEmpty }.map { CalendarID($0) }) }
        let (only, included) = (flag("only_managed"), flag("include_managed"))
        query.managed = only ? .only : included ? .included : .excluded
        (query.includesDeleted, query.includesMoved) = (flag("include_deleted"), flag("include_moved"))
        query.changedSince = bound("last_modified", zone, call, &errors)
        checkOrder(query.from, query.to, &errors)
        guard errors.isEmpty else { throw errors }
        applyDefaults(&query, now: askedAt)
        return query
    }

    /// `from` and `to` alone.
    static func bounds(_ call: APICall) throws -> (from: Instant?, to: Instant?) {
        let zone = try zone(call)
        var errors = WireErrors()
        let (from, to) = (bound("from", zone, call, &errors), bound("to", zone, call, &errors))
        checkOrder(from, to, &errors)
        guard errors.isEmpty else { throw errors }
        return (from, to)
    }

    private static func checkOrder(_ from: Instant?, _ to: Instant?, _ errors: inout WireErrors) {
        if let from, let to, from >= to { errors.add("to", key: "errors.out_of_range", "must be after from") }
    }

    private static func zone(_ call: APICall) throws(WireErrors) -> Zone {
        guard let name = call.query["tzid"] else {
            var errors = WireErrors()
            errors.required("tzid")
            throw errors
        }
        guard let zone = call.services.zones.zone(ZoneID(name)) else {
            throw WireErrors("tzid", key: "errors.unknown_time_zone", "must be an IANA time zone such as Europe/Paris")
        }
        return zone
    }

    /// A Date, which begins in `zone`, or a Time.
    private static func bound(
        _ name: String, _ zone: Zone, _ call: APICall, _ errors: inout WireErrors
    ) -> Instant? {
        guard let text = call.query[name] else { return nil }
        switch Result(catching: { () throws(WireTime.Fault) in try WireTime(parsing: text, allowsFractions: true) }) {
        case .success(.instant(let instant)): return instant
        case .success(.date(let date)): return zone.instant(of: date.midnight)
        case .failure:
            errors.add(name, key: "errors.must_be_date", "must be a date such as 2031-04-05")
            return nil
        }
    }

    /// Without bounds the kept window holds; managed events, where they are asked for, are then read over all time.
    private static func applyDefaults(_ query: inout EventQuery, now: Instant) {
        if query.from == nil && query.to == nil {
            if query.managed == .only { return }
            query.managedIsUnbounded = query.managed == .included
        } else if query.managed == .only {
            return  // The window is what is kept of external events.
        }
        let day: Int64 = 86_400
        let earliest = Instant(seconds: now.seconds / day * day - daysBack * day)
        let latest = Instant(seconds: now.seconds / day * day + daysAhead * day)
        query.from = max(query.from ?? earliest, earliest)
        // Single events are kept beyond the window, so a bound that is given may lie there.
        if query.to == nil && query.from ?? earliest < latest { query.to = latest }
    }
}

/// `start` and `end` of an occurrence, plain or localized.
struct SpanJSON {
    let isLocalized: Bool
    let zones: ZoneDatabase
    let fallback: Zone

    func write(_ span: EventSpan, to writer: inout JSONWriter) {
        switch span {
        case .dates(let start, let end):
            write("start", start.description, ZoneID.utc.name, &writer)
            write("end", end.description, ZoneID.utc.name, &writer)
        case .instants(let start, let end, let startZone, let endZone):
            instant("start", start, startZone, &writer)
            instant("end", end, endZone ?? startZone, &writer)
        }
    }

    private func instant(_ name: StaticString, _ instant: Instant, _ id: ZoneID?, _ writer: inout JSONWriter) {
        guard isLocalized else {
            writer.member(name, instant.description)
            return
        }
        let zone = id.flatMap { zones.zone($0) } ?? .utc
        write(name, "\(zone.civil(at: instant))" + Self.offset(zone.offset(at: instant)), zone.id.name, &writer)
    }

    private func write(_ name: StaticString, _ time: String, _ zone: String, _ writer: inout JSONWriter) {
        guard isLocalized else {
            writer.member(name, time)
            return
        }
        writer.name(name)
        writer.object {
            $0.member("time", time)
            $0.member("tzid", zone)
        }
    }

    /// `+02:00`; `Z` for none.
    private static func offset(_ seconds: Int32) -> String {
        guard seconds != 0 else { return "Z" }
        func two(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
        let size = abs(seconds)
        return (seconds < 0 ? "-" : "+") + two(size / 3600) + ":" + two(size / 60 % 60)
    }
}
