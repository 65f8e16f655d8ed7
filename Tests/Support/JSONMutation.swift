/// What strangers do to JSON: bytes flipped, cut, doubled and put in, numbers and escapes of no sense, depth.
public struct JSONMutation {
    private static let pieces =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\ud83d\\ude00", "null", "true",
            "-",
            "99999999999999999999999999", "-9223372036854775808", "9223372036854775807", "1e308", "1e999", "01", "1.",
            "-0",
            "\u{0}", "\u{FEFF}", String(repeating: "[", count: 80), String(repeating: "{\"a\":", count: 80),
            "\"start\":1,", "\"start\":null,", "\"event_id\":{},", "9999999-01-01T00:00:00Z", "Mars/Olympus",
        ].map { Array($0.utf8) } + [[0xff], [0xc3], [0xed, 0xa0, 0x80]]

    /// `body` with one to four of them.
    public static func of(_ body: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = body
        for _ in 0..<dice.number(1...4) where !bytes.isEmpty {
            let at = dice.number(0...(bytes.count - 1))
            let end = min(bytes.count, at + dice.number(1...12))
            switch dice.number(0...6) {
            case 0: bytes[at] ^= 1 << UInt8(dice.number(0...7))
            case 1: bytes.removeSubrange(at..<end)
            case 2: bytes.removeSubrange(at...)
            case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 4: bytes.replaceSubrange(at..<end, with: pieces[dice.number(0...(pieces.count - 1))])
            default: bytes.insert(contentsOf: pieces[dice.number(0...(pieces.count - 1))], at: at)
            }
        }
        return bytes
    }
}
