public import CivilTime

/// Reads the members of a request object, gathering every fault instead of stopping at the first.
public struct Fields {
    private let object: JSONValue
    /// Put before member names in faults: `participants[0].`.
    public let prefix: String
    public var errors = WireErrors()

    public init(_ object: JSONValue, prefix: String = "") { (self.object, self.prefix) = (object, prefix) }

    /// The member, where it is there and neither null nor an empty object or array.
    public func value(_ name: String) -> JSONValue? {
        switch object[name] {
        case nil, .null, .object([:]), .array([]): nil
        case let value?: value
        }
    }

    /// The member as it stands, null and empty included.
    public func raw(_ name: String) -> JSONValue? { object[name] }

    public mutating func fail(_ name: String, key: String, _ description: String) {
        errors.add(prefix + name, key: key, description)
    }

    public mutating func required(_ name: String) { errors.required(prefix + name) }

    public mutating func merge(_ other: Fields) {
        for field in other.errors.fields {
            for entry in field.entries { errors.add(field.name, key: entry.key, entry.description) }
        }
    }

    public mutating func text(_ name: String, most: Int? = nil) -> String? {
        guard let value = value(name) else { return nil }
        let text: String
        switch value {
        case .string(let string): text = string
        case .integer(let number): text = String(number)
        default:
            fail(name, key: "errors.must_be_string", "must be a string")
            return nil
        }
        if let most, text.unicodeScalars.count > most {
            fail(name, key: "errors.too_long", "must be at most \(most) characters")
            return nil
        }
        return text
    }

    /// The digits of a number that may also come as a string.
    public mutating func number(_ name: String) -> String? {
        switch value(name) {
        case nil: return nil
        case .string(let text): return text
        case .integer(let number): return String(number)
        case .number(let number): return String(number)
        default:
            fail(name, key: "errors.must_be_number", "must be a number")
            return nil
        }
    }

    public mutating func flag(_ name: String) -> Bool? {
        switch value(name) {
        case nil: return nil
        case .bool(let flag): return flag
        case .string(let text) where text.lowercased() == "true": return true
        case .string(let text) where text.lowercased() == "false": return false
        default:
            fail(name, key: "errors.must_be_boolean", "must be true or false")
            return nil
        }
    }

    public mutating func integer(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        let number: Int64?
        switch value(name) {
        case nil: return nil
        case .integer(let integer): number = integer
        case .string(let text): number = Int64(text, in: range)
        default: number = nil
        }
        guard let number, range.contains(number) else {
            fail(
                name, key: "errors.out_of_range",
                "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    public mutating func array(_ name: String) -> [JSONValue]? {
        switch value(name) {
        case nil: return nil
        case .array(let values): return values
        default:
            fail(name, key: "errors.must_be_array", "must be an array")
            return nil
        }
    }

    /// Texts of an array; an empty array is a value of its own here.
    public mutating func texts(_ name: String) -> [String]? {
        guard let raw = object[name], raw != .null else { return nil }
        guard case .array(let values) = raw else {
            fail(name, key: "errors.must_be_array", "must be an array of strings")
            return nil
        }
        let texts = values.compactMap { value -> String? in
            if case .string(let text) = value { text } else { nil }
        }
        guard texts.count == values.count else {
            fail(name, key: "errors.must_be_string", "must hold strings only")
            return nil
        }
        return texts
    }

    /// A Duration `{"hours": …, "minutes": …}` in seconds.
    public mutating func duration(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let value = value(name) else { return nil }
        guard case .object = value else {
            fail(name, key: "errors.must_be_duration", "must be an object with minutes, or hours and minutes")
            return nil
        }
        var inner = Fields(value, prefix: prefix + name + ".")
        let hours = inner.integer("hours", in: 0...100_000)
        let minutes = inner.integer("minutes", in: 0...(hours == nil ? 6_000_000 : 59))
        guard inner.errors.isEmpty, hours != nil || minutes != nil else {
            if inner.errors.isEmpty { fail(name, key: "errors.must_be_duration", "must hold minutes or hours") }
            merge(inner)
            return nil
        }
        let seconds = (hours ?? 0) * 3600 + (minutes ?? 0) * 60  // Both bounded just above.
        guard range.contains(seconds) else {
            fail(
                name, key: "errors.out_of_range",
                "must be from \(range.lowerBound / 60) to \(range.upperBound / 60) minutes")
            return nil
        }
        return seconds
    }

    /// A Time in any accepted spelling.
    public mutating func instant(_ name: String) -> Instant? {
        guard let text = text(name) else { return nil }
        do {
            guard case .instant(let instant) = try WireTime(parsing: text, allowsFractions: true) else {
                throw WireTime.Fault.notATime
            }
            return instant
        } catch {
            fail(name, key: "errors.must_be_time", "must be a time such as 2031-04-05T06:07:08Z")
            return nil
        }
    }
}
