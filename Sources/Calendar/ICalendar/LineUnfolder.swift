/// Content lines with their folds taken out (RFC 5545 §3.1), whatever ends the physical lines: CRLF, LF or CR.
struct LineUnfolder {
    enum Line {
        case line(ArraySlice<UInt8>, number: Int)
        case tooLong(number: Int)
    }

    private let bytes: [UInt8]
    private let limit: Int
    private var position: Int
    private var number = 0

    init(_ bytes: [UInt8], limit: Int) {
        (self.bytes, self.limit) = (bytes, limit)
        position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        number += 1
        let first = number
        let line = physical()
        guard isFold else { return line.count > limit ? .tooLong(number: first) : .line(line, number: first) }
        var joined = Array(line)
        while isFold {
            position += 1
            number += 1
            let more = physical()
            // Beyond the limit the rest is passed over without being kept.
            if joined.count <= limit { joined += more }
        }
        return joined.count > limit ? .tooLong(number: first) : .line(joined[...], number: first)
    }

    /// The next physical line begins with a space or tab: it goes on where the last one ended.
    private var isFold: Bool {
        position < bytes.count && (bytes[position] == 32 || bytes[position] == 9)
    }

    private mutating func physical() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, bytes[position] != 10, bytes[position] != 13 { position += 1 }
        let line = bytes[start..<position]
        if position < bytes.count {
            let isReturn = bytes[position] == 13
            position += 1
            if isReturn, position < bytes.count, bytes[position] == 10 { position += 1 }
        }
        return line
    }
}

extension String {
    /// Without spaces and tabs at its ends.
    var trimmed: String {
        var part = self[...]
        while let first = part.first, first == " " || first == "\t" { part.removeFirst() }
        while let last = part.last, last == " " || last == "\t" { part.removeLast() }
        return String(part)
    }
}
