import COpenSSL

/// Seals secrets at rest with AES-256-GCM. The key lives outside the database; its id stands in front of each sealed
/// value, so that a rotation can tell old from new.
/// Layout: key id (8 bytes), nonce (12), ciphertext, tag (16). The purpose is authenticated with it, so that a value
/// sealed for one column opens in no other.
public struct SealingKey: Sendable, CustomStringConvertible {
    private let bytes: [UInt8]
    /// First 8 bytes of the key's SHA-256; says which key, and nothing about it.
    public let id: [UInt8]

    /// Nil unless `bytes` are 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
        id = Array(Crypto.sha256("anchorpoint-key-id:" + Crypto.hex(bytes)).prefix(8))
    }

    public var description: String { "<redacted>" }

    /// Why a sealed value did not open.
    public enum OpenError: Error, Hashable, Sendable {
        /// Sealed with another key: restore that key, or reconnect.
        case otherKey(id: String)
        case damaged
    }

    /// A key for another purpose, derived from this one: signing page tokens, for example.
    public func derived(for purpose: String) -> [UInt8] { Crypto.hmac(Array(purpose.utf8), key: bytes) }

    public func seal(_ secret: Secret, for purpose: String) -> [UInt8] {
        let nonce = Crypto.random(12)
        let text = Array(secret.reveal().utf8)
        var cipher = [UInt8](repeating: 0, count: text.count)
        var tag = [UInt8](repeating: 0, count: 16)
        var written: Int32 = 0
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        let aad = Array(purpose.utf8)
        EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, bytes, nonce)
        EVP_EncryptUpdate(context, nil, &written, aad, Int32(truncatingIfNeeded: aad.count))
        EVP_EncryptUpdate(context, &cipher, &written, text, Int32(truncatingIfNeeded: text.count))
        var final = [UInt8](repeating: 0, count: 16)
        EVP_EncryptFinal_ex(context, &final, &written)
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag)
        return id + nonce + cipher + tag
    }

    public func open(_ sealed: [UInt8], for purpose: String) throws(OpenError) -> Secret {
        guard sealed.count >= 36 else { throw .damaged }
        guard Array(sealed[0..<8]) == id else { throw .otherKey(id: Crypto.hex(sealed[0..<8])) }
        let nonce = Array(sealed[8..<20])
        let cipher = Array(sealed[20..<(sealed.count - 16)])
        var tag = Array(sealed.suffix(16))
        var text = [UInt8](repeating: 0, count: cipher.count)
        var written: Int32 = 0
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        let aad = Array(purpose.utf8)
        EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, bytes, nonce)
        EVP_DecryptUpdate(context, nil, &written, aad, Int32(truncatingIfNeeded: aad.count))
        EVP_DecryptUpdate(context, &text, &written, cipher, Int32(truncatingIfNeeded: cipher.count))
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, &tag)
        var final = [UInt8](repeating: 0, count: 16)
        guard EVP_DecryptFinal_ex(context, &final, &written) == 1 else { throw .damaged }
        return Secret(String(decoding: text, as: UTF8.self))
    }
}
