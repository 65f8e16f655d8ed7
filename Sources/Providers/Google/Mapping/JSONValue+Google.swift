internal import CivilTime
internal import CronofyWire

/// What Google's members hold, or nil where they hold something else.
extension JSONValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    var list: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    var words: String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    func whole(in range: ClosedRange<Int>) -> Int? {
        guard case .integer(let number) = self, let whole = Int(exactly: number), range.contains(whole) else {
            return nil
        }
        return whole
    }

    /// As bytes of JSON.
    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}
