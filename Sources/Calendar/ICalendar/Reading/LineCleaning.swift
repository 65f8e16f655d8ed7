/// A line as text: control characters are dropped, broken UTF-8 becomes U+FFFD.
struct LineCleaning {
    private(set) var bytes: ArraySlice<UInt8>
    private(set) var problems: [String] = []
    var action: String { problems.first?.hasPrefix("it is") == true ? "U+FFFD stands for it" : "they were left out" }

    init(_ line: ArraySlice<UInt8>) {
        bytes = line
        if !bytes.allSatisfy(ASCII.isText) {
            bytes = bytes.filter(ASCII.isText)[...]
            problems.append("control characters stand in it")
        }
        if String(validating: bytes, as: UTF8.self) == nil {
            bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)[...]
            problems.insert("it is not UTF-8", at: 0)
        }
    }

    /// Whether everything is printable ASCII; looks at eight bytes at once.
    static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = range.lowerBound
        let high: UInt64 = 0x8080_8080_8080_8080
        while index + 8 <= range.upperBound {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // A set high bit: not ASCII, below a space, or DEL (a borrow makes false alarms only beside a true one).
            let isLow = (word &- 0x2020_2020_2020_2020) & ~word
            let deleted = word ^ 0x7f7f_7f7f_7f7f_7f7f
            let isDeleted = (deleted &- 0x0101_0101_0101_0101) & ~deleted
            guard (word | isLow | isDeleted) & high == 0 else { return false }
            index += 8
        }
        while index < range.upperBound {
            guard (32..<127).contains(bytes[index]) else { return false }
            index += 1
        }
        return true
    }
}
