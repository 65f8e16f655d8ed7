/// The answers in a DNS message (RFC 1035 §4). The message comes from outside: every read is checked, pointers may only
/// lead backwards, and a message that makes no sense has no records.
struct DNSAnswer: Sendable {
    enum Kind: UInt16, Sendable {
        case mail = 15
        case text = 16
        case service = 33
    }

    struct Record: Sendable {
        let kind: Kind
        /// Where the data stands in `message`.
        let data: Range<Int>
        fileprivate let message: [UInt8]

        func number(at offset: Int) -> UInt16 { DNSAnswer.number(message, data.lowerBound + offset) ?? 0 }

        /// The name that begins `offset` bytes into the data; empty for the root.
        func name(at offset: Int) -> String? { DNSAnswer.name(message, at: data.lowerBound + offset)?.text }

        /// The strings of a TXT record, each led by its length.
        var strings: [String] {
            guard kind == .text else { return [] }
            var (found, position): ([String], Int) = ([], data.lowerBound)
            while position < data.upperBound {
                let end = position + 1 + Int(message[position])
                guard end <= data.upperBound else { break }
                found.append(String(decoding: message[(position + 1)..<end], as: UTF8.self))
                position = end
            }
            return found
        }
    }

    private(set) var records: [Record] = []

    init(_ message: [UInt8]) {
        guard let questions = Self.number(message, 4), let answers = Self.number(message, 6) else { return }
        var position = 12
        for _ in 0..<questions {
            guard let end = Self.name(message, at: position)?.end else { return }
            position = end + 4
        }
        for _ in 0..<answers {
            guard let end = Self.name(message, at: position)?.end, let kind = Self.number(message, end),
                let length = Self.number(message, end + 8)
            else { return }
            let data = (end + 10)..<(end + 10 + Int(length))
            guard data.upperBound <= message.count else { return }
            if let kind = Kind(rawValue: kind) { records.append(Record(kind: kind, data: data, message: message)) }
            position = data.upperBound
        }
    }

    private static func number(_ message: [UInt8], _ position: Int) -> UInt16? {
        guard position >= 0, message.count - position >= 2 else { return nil }
        // Widened.
        return UInt16(message[position]) << 8 | UInt16(message[position + 1])
    }

    /// A name and where the text after it goes on. Compression pointers (§4.1.4) lead strictly backwards, so it ends.
    private static func name(_ message: [UInt8], at start: Int) -> (text: String, end: Int)? {
        var (labels, position, end, limit): ([String], Int, Int?, Int) = ([], start, nil, message.count)
        while position >= 0, position < limit {
            let length = Int(message[position])
            if length == 0 { return (labels.joined(separator: "."), end ?? position + 1) }
            if length >= 0xC0 {
                guard let pointer = number(message, position).map({ Int($0 & 0x3FFF) }), pointer < position else {
                    return nil
                }
                end = end ?? position + 2
                (limit, position) = (position, pointer)
                continue
            }
            guard length < 64, position + 1 + length <= message.count, labels.count < 128 else { return nil }
            labels.append(String(decoding: message[(position + 1)..<(position + 1 + length)], as: UTF8.self))
            position += 1 + length
        }
        return nil
    }
}
