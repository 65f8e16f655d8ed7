internal import COpenSSL

/// SHA-256, as lower-case hexadecimal of its first 16 bytes: long enough that no two contents meet by chance.
enum Digest {
    static func hex(_ bytes: [UInt8]) -> String {
        var result = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        // Cannot fail for a built-in digest but for want of memory; then every content counts as new, which is safe.
        guard EVP_Digest(bytes, bytes.count, &result, &count, EVP_sha256(), nil) == 1 else { return "" }
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: result.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
