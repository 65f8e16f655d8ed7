import Accounts
import CivilTime
import CronofyWire
import Events

/// The query parameters that events and free-busy share (part 1, §3.2 and §9.1).
enum EventWindow {
    /// Days back and ahead that are kept (docs/standards.md); hosted Cronofy keeps 201 ahead.
    static let daysBack: Int64 = 42
    static let daysAhead: Int64 = 731

    static func query(_ call: APICall) throws -> EventQuery {
        var errors = WireErrors()
        var query = EventQuery(account: try call.account, client: call.caller.client)
        guard let zoneName = call.query["tzid"] else {
            errors.required("tzid")
            throw errors
        }
        guard let zone = call.services.zones.zone(ZoneID(zoneName)) else {
            throw WireErrors("tzid", key: "errors.unknown_time_zone", "must be an IANA time zone such as Europe/Paris")
        }
        func bound(_ name: String) -> Instant? {
            guard let text = call.query[name] else { return nil }
            switch Result(catching: { () throws(WireTime.Fault) in try WireTime(parsing: text, allowsFractions: true) })
            {
            case .success(.instant(let instant)): return instant
            case .success(.date(let date)): return zone.instant(of: date.midnight)
            case .failure:
                errors.add(name, key: "errors.must_be_date", "must be a date such as 2031-04-05")
                return nil
            }
        }
        func flag(_ name: String) -> Bool {
            do { return try call.query.flag(name) ?? false } catch {
                errors.add(name, key: "errors.must_be_boolean", "must be true or false")
                return false
            }
        }
        (query.from, query.to) = (bound("from"), bound("to"))
        query.calendars = call.query.list("calendar_ids").map { Set($0.filter { !$0.isEmpty }.map { CalendarID($0) }) }
        let (only, included) = (flag("only_managed"), flag("include_managed"))
        query.managed = only ? .only : included ? .included : .excluded
        (query.includesDeleted, query.includesMoved) = (flag("include_deleted"), flag("include_moved"))
        query.changedSince = bound("last_modified")
        if let from = query.from, let to = query.to, from >= to {
            errors.add("to", key: "errors.out_of_range", "must be after from")
        }
        guard errors.isEmpty else { throw errors }
        applyDefaults(&query, now: call.services.now())
        return query
    }

    /// Without bounds the kept window holds; managed events alone are then read over all time.
    private static func applyDefaults(_ query: inout EventQuery, now: Instant) {
        if query.managed == .only && query.from == nil && query.to == nil { return }
        let day: Int64 = 86_400
        let earliest = Instant(seconds: now.seconds / day * day - daysBack * day)
        let latest = Instant(seconds: now.seconds / day * day + daysAhead * day)
        query.from = max(query.from ?? earliest, earliest)
        query.to = min(query.to ?? latest, latest)
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
