import COpenSSL

extension Crypto {
    /// scrypt (RFC 7914) with N = 2^15, r = 8, p = 1: 32 MB and some tens of milliseconds a try. 32 bytes; nil where the
    /// machine has no memory for it.
    public static func scrypt(_ password: Secret, salt: [UInt8]) -> [UInt8]? {
        let bytes = Array(password.reveal().utf8)
        var key = [UInt8](repeating: 0, count: 32)
        let done = bytes.withUnsafeBufferPointer { text in
            text.withMemoryRebound(to: CChar.self) { characters in
                EVP_PBE_scrypt(
                    characters.baseAddress, characters.count, salt, salt.count, 1 << 15, 8, 1, 64 << 20, &key, key.count
                )
            }
        }
        return done == 1 ? key : nil
    }
}
