/// What a value holds, or nil where it holds something else.
extension JSONValue {
    public var text: String? { if case .string(let text) = self { text } else { nil } }
    public var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    public var list: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    /// Text that is not empty.
    public var words: String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    public func whole(in range: ClosedRange<Int>) -> Int? {
        guard case .integer(let number) = self, let whole = Int(exactly: number), range.contains(whole) else {
            return nil
        }
        return whole
    }

    /// As bytes of JSON.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// The members of the object that `bytes` are; nil where they are anything else.
    public static func members(of bytes: [UInt8]) -> [String: JSONValue]? {
        do {
            guard case .object(let members) = try JSONValue(parsing: bytes) else { return nil }
            return members
        } catch { return nil }
    }
}
