/// Query strings and form bodies: `name=value&list[]=a&list[]=b`, brackets encoded or not, `+` for a space.
public struct FormText: Hashable, Sendable {
    private var values: [String: [String]] = [:]

    private static let mostPairs = 2_000

    public init(parsing text: some StringProtocol) {
        for pair in text.split(separator: "&").prefix(Self.mostPairs) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty else { continue }
            values[Self.decoded(name), default: []].append(parts.count == 2 ? Self.decoded(parts[1]) : "")
        }
    }

    /// The last value of `name`; nil where it is absent or empty.
    public subscript(name: String) -> String? {
        guard let value = values[name]?.last, !value.isEmpty else { return nil }
        return value
    }

    /// All values of `name[]`, or of `name`; nil where neither stands.
    public func list(_ name: String) -> [String]? { values[name + "[]"] ?? values[name] }

    /// `true`, `True` and `1`, and the like; nil where it is absent; a fault for anything else.
    public func flag(_ name: String) throws(WireErrors) -> Bool? {
        guard let text = self[name] else { return nil }
        switch text.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default: throw WireErrors(name, key: "errors.must_be_boolean", "must be true or false")
        }
    }

    /// Everything as an object, lists as arrays: a form body read as the JSON it stands for.
    public var json: JSONValue {
        var members: [String: JSONValue] = [:]
        for (name, texts) in values {
            if name.hasSuffix("[]") {
                members[String(name.dropLast(2))] = .array(texts.map(JSONValue.string))
            } else {
                members[name] = texts.last.map(JSONValue.string)
            }
        }
        return .object(members)
    }

    /// Percent-decoding; what is no valid escape stays as it is.
    public static func decoded(_ text: some StringProtocol, plusIsSpace: Bool = true) -> String {
        let bytes = Array(text.utf8)
        var (result, index) = ([UInt8](), 0)
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                // Two digits.
                let byte = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(byte)
                index += 3
            } else {
                result.append(plusIsSpace && bytes[index] == UInt8(ascii: "+") ? 32 : bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
