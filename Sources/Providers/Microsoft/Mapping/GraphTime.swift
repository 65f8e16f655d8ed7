internal import CivilTime
internal import CronofyWire
internal import ICalendar
internal import ProviderKit

/// Graph's `dateTimeTimeZone`, and times with a `Z`.
struct GraphTime {
    let zones: ZoneDatabase

    /// `{"dateTime": "2030-01-01T09:00:00.0000000", "timeZone": "UTC"}`. Fractions of a second are left out.
    func instant(_ json: JSONValue?) throws(MappingRefusal) -> Instant {
        guard let text = json?["dateTime"]?.text, let time = Self.civil(text) else {
            throw MappingRefusal("It has no time that can be read.")
        }
        if text.hasSuffix("Z") { return Zone.utc.instant(of: time) }
        let name = json?["timeZone"]?.text ?? ""
        guard let zone = zones.resolve(name: name) else {
            throw MappingRefusal("It is in a time zone that is not known, '\(name)'.")
        }
        return zone.instant(of: time)
    }

    /// An all-day event's date: Graph gives midnight whatever zone was asked for, so the zone says nothing.
    func date(_ json: JSONValue?) throws(MappingRefusal) -> CivilDate {
        guard let text = json?["dateTime"]?.text, let time = Self.civil(text) else {
            throw MappingRefusal("It has no date that can be read.")
        }
        return time.date
    }

    /// The zone that a name stands for; nil for Graph's words for none (`tzone://Microsoft/Custom`, nothing at all).
    func zone(_ name: String?) -> Zone? { name.flatMap { zones.resolve(name: $0) } }

    /// `2030-01-01T09:00:00Z`, with or without fractions.
    static func stamp(_ text: String?) -> Instant? {
        guard let text, text.hasSuffix("Z"), let time = civil(text) else { return nil }
        return Zone.utc.instant(of: time)
    }

    /// `2030-01-01T09:00:00`, and whatever follows it.
    static func civil(_ text: String) -> CivilDateTime? {
        let bytes = Array(text.utf8.prefix(19))
        guard bytes.count == 19, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"),
            let date = CivilDate(extended: String(decoding: bytes[0..<10], as: UTF8.self))
        else { return nil }
        let digits = bytes[11..<13] + bytes[14..<16] + bytes[17..<19]
        return CivilDateTime(date: date, compact: String(decoding: digits, as: UTF8.self))
    }

    static func json(_ time: CivilDateTime, zone: String) -> JSONValue {
        .object(["dateTime": .string(time.description), "timeZone": .string(zone)])
    }

    /// `20300101T090000` and `20300101`.
    static func compact(_ text: String) -> String { String(text.filter { $0 != "-" && $0 != ":" }) }

    /// How Graph is told of a zone: by its Windows name, or by its own where Windows has none.
    static func name(of zone: ZoneID) -> String { zone == .utc ? "UTC" : zone.windowsName ?? zone.name }
}
