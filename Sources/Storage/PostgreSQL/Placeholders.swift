/// `?` to `$1`, `$2`, … outside of literals, quoted names and comments.
enum Placeholders {
    static func numbered(_ sql: String) -> String {
        var result: [UInt8] = []
        var (count, quote, isComment) = (0, UInt8(0), false)
        var previous = UInt8(0)
        for byte in sql.utf8 {
            if isComment {
                isComment = byte != 10
            } else if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: "-") && previous == byte {
                isComment = true
            } else if byte == UInt8(ascii: "?") {
                count += 1
                result += Array("$\(count)".utf8)
                previous = byte
                continue
            }
            result.append(byte)
            previous = byte
        }
        return String(decoding: result, as: UTF8.self)
    }
}
