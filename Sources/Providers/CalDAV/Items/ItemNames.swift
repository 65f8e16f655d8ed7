internal import GuardedHTTP
internal import ProviderKit

/// Resource names from UIDs.
enum ItemNames {
    /// The UID itself where it is plain, else its plain part and a hash: a name no server re-spells.
    static func name(forUID uid: String) -> String {
        let plain = uid.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "-") }
        let isWhole =
            plain.elementsEqual(uid.utf8) && (1...120).contains(plain.count) && plain.first != UInt8(ascii: ".")
        if isWhole { return uid + ".ics" }
        let head = String(decoding: plain.prefix(60).drop { $0 == UInt8(ascii: ".") }, as: UTF8.self)
        return "\(head)-\(String(hash(uid), radix: 16)).ics"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "-_.".utf8.contains(byte)
    }

    /// FNV-1a: the same on every machine and in every run.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
