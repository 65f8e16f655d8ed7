import COpenSSL

/// HMAC-SHA256 (RFC 2104, FIPS 180-4) as base64 text, and comparison in constant time.
enum MessageCode {
    static func base64(_ message: [UInt8], key: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        _ = HMAC(EVP_sha256(), key, Int32(truncatingIfNeeded: key.count), message, message.count, &digest, &length)
        // 32 bytes are 44 characters and the zero that C ends texts with.
        var text = [UInt8](repeating: 0, count: 45)
        let written = EVP_EncodeBlock(&text, digest, 32)
        return String(decoding: text.prefix(Int(written)), as: UTF8.self)
    }

    /// Whether one of `candidates` equals one of `wanted`. Every pair is compared, whatever came before, and each
    /// comparison takes the same time wherever two texts differ.
    static func matches(_ candidates: [[UInt8]], _ wanted: [[UInt8]]) -> Bool {
        var found = false
        for candidate in candidates {
            for text in wanted where candidate.count == text.count {
                found = CRYPTO_memcmp(candidate, text, text.count) == 0 || found
            }
        }
        return found
    }
}
