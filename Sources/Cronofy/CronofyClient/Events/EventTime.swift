public import CivilTime
import CronofyWire

/// One end of an event or of busy time.
public enum EventTime: Hashable, Sendable {
    /// A day, for all-day events; the end of one is the day after its last.
    case day(CivilDate)
    /// A moment, and the zone it is to be shown in where that is known.
    case moment(Instant, zone: ZoneID?)

    /// A moment to be shown in `zone`, such as `Europe/Paris`.
    public static func moment(_ instant: Instant, in zone: String) -> EventTime { .moment(instant, zone: ZoneID(zone)) }

    public static func moment(_ instant: Instant) -> EventTime { .moment(instant, zone: nil) }

    var json: JSONValue {
        switch self {
        case .day(let date): .string(date.description)
        case .moment(let instant, nil): .string(instant.description)
        case .moment(let instant, let zone?):
            .object(["time": .string(instant.description), "tzid": .string(zone.name)])
        }
    }
}

extension AnswerReader {
    func optionalTime(_ name: String) throws(CronofyError) -> EventTime? {
        guard let value = member(name) else { return nil }
        let inner = AnswerReader(value, path: path)
        let (text, zone): (String?, String?) =
            if case .string(let plain) = value {
                (plain, nil)
            } else {
                (try inner.optionalText("time"), try inner.optionalText("tzid"))
            }
        do {
            switch try text.map({ text throws(WireTime.Fault) in try WireTime(parsing: text, allowsFractions: true) }) {
            case .instant(let instant)?: return .moment(instant, zone: zone.map(ZoneID.init))
            case .date(let date)?: return .day(date)
            case nil: break
            }
        } catch { /* No time: the fault below says where. */  }
        throw fault(name, wanted: "a time or a date")
    }

    func time(_ name: String) throws(CronofyError) -> EventTime {
        guard let time = try optionalTime(name) else { throw fault(name, wanted: "a time or a date") }
        return time
    }
}
