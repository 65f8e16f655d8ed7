/// Finds out how a text is encoded from its first bytes, and hands it on in UTF-8 without a byte order mark.
struct EncodingReader {
    private enum State {
        case undecided, utf8
        case utf16(isLittleEndian: Bool)
    }
    private var state = State.undecided
    /// Bytes that wait for more.
    private var rest: [UInt8] = []
    private var highSurrogate: UInt16?

    var isUTF16: Bool { if case .utf16 = state { true } else { false } }

    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, into blocks: inout LineBlocks) {
        if case .utf8 = state { return blocks.append(bytes) }
        rest.append(contentsOf: bytes)
        if case .undecided = state {
            guard rest.count >= 4 else { return }
            decide()
        }
        flush(into: &blocks)
    }

    mutating func finish(into blocks: inout LineBlocks) {
        if case .undecided = state { decide() }
        flush(into: &blocks)
    }

    private mutating func decide() {
        let first = Array(rest.prefix(4))
        if first.starts(with: [0xef, 0xbb, 0xbf]) {
            state = .utf8
            rest.removeFirst(3)
        } else if first.starts(with: [0xff, 0xfe]) || first.starts(with: [0xfe, 0xff]) {
            state = .utf16(isLittleEndian: first[0] == 0xff)
            rest.removeFirst(2)
        } else if first.count == 4, first[0] != 0, first[1] == 0, first[2] != 0, first[3] == 0 {
            state = .utf16(isLittleEndian: true)
        } else if first.count == 4, first[0] == 0, first[1] != 0, first[2] == 0, first[3] != 0 {
            state = .utf16(isLittleEndian: false)
        } else {
            state = .utf8
        }
    }

    private mutating func flush(into blocks: inout LineBlocks) {
        var bytes = rest
        rest = []
        if case .utf16(let isLittleEndian) = state {
            if !bytes.count.isMultiple(of: 2) { rest = [bytes.removeLast()] }
            bytes = utf8(of: bytes, isLittleEndian: isLittleEndian)
        }
        bytes.withUnsafeBufferPointer { blocks.append($0) }
    }

    private mutating func utf8(of bytes: [UInt8], isLittleEndian: Bool) -> [UInt8] {
        var units: [UInt16] = highSurrogate.map { [$0] } ?? []
        highSurrogate = nil
        units.reserveCapacity(bytes.count / 2 + 1)
        for index in stride(from: 0, to: bytes.count, by: 2) {
            // Widened.
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(isLittleEndian ? second << 8 | first : first << 8 | second)
        }
        if let last = units.last, (0xd800..<0xdc00).contains(last) { highSurrogate = units.removeLast() }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
