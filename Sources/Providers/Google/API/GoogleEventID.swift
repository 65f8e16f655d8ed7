internal import COpenSSL

/// Ids of events, and marks of what they hold.
enum GoogleEventID {
    /// The id that an event made here gets: the same for the same UID, so that a creation that is repeated meets the
    /// first one. Google takes `a` to `v` and digits, which hexadecimal fits.
    static func id(forUID uid: String) -> String { "ap" + digest(Array(uid.utf8)) }

    /// Whether a client may choose it: an instance's id has an underscore.
    static func isChoosable(_ id: String) -> Bool {
        (5...1024).contains(id.utf8.count)
            && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "v")).contains($0) }
    }

    /// SHA-256 in lower-case hexadecimal.
    static func digest(_ bytes: [UInt8]) -> String {
        var result = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        // Cannot fail for a built-in digest but for want of memory; then the id is one that no UID has.
        guard EVP_Digest(bytes, bytes.count, &result, &count, EVP_sha256(), nil) == 1 else { return "0" }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: result.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
