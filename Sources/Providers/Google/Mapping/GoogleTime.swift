internal import CivilTime
internal import CronofyWire
internal import ICalendar
internal import ProviderKit

/// Google's `start`, `end` and `originalStartTime`: a `date`, or a `dateTime` of RFC 3339 whose offset may be missing
/// where a `timeZone` stands beside it.
struct GoogleTime {
    let zones: ZoneDatabase
    /// Where a time is meant that names no zone: the calendar's.
    let calendarZone: Zone?

    /// - Parameter keepsZone: whether the time must move with its zone's clock, as a series' does.
    func time(_ json: JSONValue?, keepsZone: Bool) throws(MappingRefusal) -> EventTime {
        if let text = json?["date"]?.words {
            guard let date = CivilDate(extended: text) else { throw MappingRefusal("It has no date that can be read.") }
            return .allDay(date)
        }
        let name = json?["timeZone"]?.words
        let named = name.flatMap { zones.resolve(name: $0) }
        if keepsZone, let name, named == nil {
            throw MappingRefusal("It repeats in a time zone that is not known, '\(name)'.")
        }
        guard let instant = Self.instant(json?["dateTime"]?.text, in: named ?? calendarZone) else {
            throw MappingRefusal("It has no time that can be read.")
        }
        guard let zone = named ?? (keepsZone ? calendarZone : nil), zone.id != .utc else { return .utc(instant) }
        return .zoned(zone.civil(at: instant), zone.id)
    }

    /// `2026-01-05T09:00:00+01:00`, `…Z`, or without an offset in `zone`. Fractions of a second are left out.
    static func instant(_ text: String?, in zone: Zone?) -> Instant? {
        guard let text, let time = civil(text) else { return nil }
        var rest = Array(text.utf8.dropFirst(19))[...]
        if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst().drop { (0x30...0x39).contains($0) } }
        switch rest.first {
        case nil: return zone?.instant(of: time)
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): return rest.count == 1 ? Zone.utc.instant(of: time) : nil
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            let parts = String(decoding: rest.dropFirst(), as: UTF8.self).split(separator: ":")
            guard rest.count == 6, parts.count == 2, let hours = Int64(parts[0], in: 0...23),
                let minutes = Int64(parts[1], in: 0...59)
            else { return nil }
            let offset = (hours * 60 + minutes) * 60
            return Zone.utc.instant(of: time).advanced(bySeconds: rest.first == UInt8(ascii: "-") ? offset : -offset)
        default: return nil
        }
    }

    private static func civil(_ text: String) -> CivilDateTime? {
        let bytes = Array(text.utf8.prefix(19))
        guard bytes.count == 19, bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"),
            let date = CivilDate(extended: String(decoding: bytes[0..<10], as: UTF8.self))
        else { return nil }
        let digits = bytes[11..<13] + bytes[14..<16] + bytes[17..<19]
        return CivilDateTime(date: date, compact: String(decoding: digits, as: UTF8.self))
    }

    /// `time` in Google's words. Members of the other form are nulls, so that a patch takes them away.
    func json(_ time: EventTime) throws(MappingRefusal) -> JSONValue {
        func timed(_ text: String, _ zone: String) -> JSONValue {
            .object(["dateTime": .string(text), "timeZone": .string(zone), "date": .null])
        }
        switch time {
        case .allDay(let date):
            return .object(["date": .string(date.description), "dateTime": .null, "timeZone": .null])
        case .utc(let instant): return timed(Zone.utc.civil(at: instant).description + "Z", "UTC")
        case .zoned(let time, let id):
            guard zones.zone(id) != nil else {
                throw MappingRefusal("Google does not know the time zone '\(id.name)' of the event.")
            }
            return timed(time.description, id.name)
        case .floating(let time):
            guard let calendarZone else { throw MappingRefusal("Google has no times without a time zone.") }
            return timed(time.description, calendarZone.id.name)
        }
    }

    /// What stands for one instance in comparisons: all-day series count from midnight in UTC.
    func instant(_ time: EventTime) throws(MappingRefusal) -> Instant {
        switch time {
        case .allDay(let date): return Zone.utc.instant(of: date.midnight)
        case .utc(let instant): return instant
        case .zoned(let time, let id):
            guard let zone = zones.zone(id) else {
                throw MappingRefusal("Google does not know the time zone '\(id.name)' of the event.")
            }
            return zone.instant(of: time)
        case .floating(let time):
            guard let calendarZone else { throw MappingRefusal("Google has no times without a time zone.") }
            return calendarZone.instant(of: time)
        }
    }

    /// A line such as `EXDATE;TZID=Europe/Berlin:20260119T090000`.
    static func line(_ name: String, _ time: EventTime) -> String {
        switch time {
        case .allDay(let date): "\(name);VALUE=DATE:" + compact(date.description)
        case .floating(let time): "\(name):" + compact(time.description)
        case .zoned(let time, let zone): "\(name);TZID=\(zone.name):" + compact(time.description)
        case .utc(let instant): "\(name):" + compact(Zone.utc.civil(at: instant).description) + "Z"
        }
    }

    private static func compact(_ text: String) -> String { String(text.filter { $0 != "-" && $0 != ":" }) }
}
