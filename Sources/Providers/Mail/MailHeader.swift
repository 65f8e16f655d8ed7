import CivilTime
import Foundation

/// Values of header fields: one line's meaning, whatever text they are made of.
enum MailHeader {
    /// Longest value that is written as it is; longer ones are encoded and folded (RFC 5322 2.1.1: 78 is polite).
    private static let plainLimit = 60
    /// Bytes in one encoded word: 60 of base64 make 72 with what stands around them (RFC 2047 2: at most 75).
    private static let wordBytes = 45

    /// Text as it stands, or as encoded words (RFC 2047). Controls become spaces: nothing begins another field.
    static func text(_ value: String) -> String {
        let clean = String(String.UnicodeScalarView(value.unicodeScalars.map { isControl($0) ? " " : $0 }))
        let isPlain = clean.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !clean.contains("=?")
        guard !isPlain || clean.utf8.count > plainLimit else { return clean }
        var words: [String] = []
        var word: [UInt8] = []
        for character in clean {
            let bytes = Array(String(character).utf8)
            // A character of more bytes than a word holds is split between scalars.
            for scalar in bytes.count > wordBytes ? character.unicodeScalars.map({ Array(String($0).utf8) }) : [bytes] {
                if word.count + scalar.count > wordBytes {
                    words.append(encoded(word))
                    word = []
                }
                word += scalar
            }
        }
        if !word.isEmpty { words.append(encoded(word)) }
        return words.joined(separator: "\r\n ")
    }

    /// `Thu, 26 Nov 2026 02:10:00 +0000` (RFC 5322 3.3).
    static func date(_ instant: Instant) -> String {
        let civil = Zone.utc.civil(at: instant)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]  // Day 0, 1 January 1970, was a Thursday.
        let day = Int((instant.seconds / 86_400 % 7 + 7) % 7)
        let seconds = instant.seconds - instant.seconds / 86_400 * 86_400
        return "\(names[day]), \(civil.date.day) \(months[civil.date.month - 1]) \(civil.date.year) "
            + [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            .joined(separator: ":") + " +0000"
    }

    private static func encoded(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(Data(bytes).base64EncodedString())?=" }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
    }
}
