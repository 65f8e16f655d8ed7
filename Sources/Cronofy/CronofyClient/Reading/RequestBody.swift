import CivilTime
import CronofyWire

extension JSONValue {
    /// An object of the members that have a value.
    static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        var object: [String: JSONValue] = [:]
        for (name, value) in members { object[name] = value }
        return .object(object)
    }

    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    /// A Duration in whole minutes; seconds beyond a minute round up, so that nothing gets shorter.
    static func duration(_ duration: Duration) -> JSONValue {
        let (whole, rest) = duration.components.seconds.quotientAndRemainder(dividingBy: 60)
        let isOver = rest > 0 || duration.components.attoseconds > 0
        return .object(["minutes": .integer(whole + (isOver ? 1 : 0))])
    }

    static func instant(_ instant: Instant) -> JSONValue { .string(instant.description) }
}
