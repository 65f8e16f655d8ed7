import Accounts

/// A PKCE challenge (RFC 7636) by S256, the only method taken: `plain` shows the verifier to whoever sees the request.
public struct CodeChallenge: Hashable, Sendable {
    /// 43 characters of base64url: a SHA-256.
    public let value: String

    /// Nil where neither parameter was sent.
    /// - Throws: `invalid_request` for `plain`, for a challenge without a method (which means `plain`, §4.3), for a
    ///   method without a challenge and for what is no SHA-256.
    public init?(challenge: String?, method: String?) throws(OAuthFault) {
        guard let challenge else {
            guard method == nil else { throw OAuthFault(.invalidRequest, "code_challenge is missing") }
            return nil
        }
        guard method == "S256" else {
            throw OAuthFault(.invalidRequest, "code_challenge_method must be S256; plain is not accepted")
        }
        guard challenge.utf8.count == 43, challenge.utf8.allSatisfy(Self.isBase64URL) else {
            throw OAuthFault(.invalidRequest, "code_challenge must be a SHA-256 in base64url: 43 characters")
        }
        value = challenge
    }

    init(stored value: String) { self.value = value }

    /// Whether `verifier` is the one this was made of (§4.6). A verifier has 43 to 128 unreserved characters (§4.1).
    public func matches(_ verifier: String) -> Bool {
        guard (43...128).contains(verifier.utf8.count), verifier.utf8.allSatisfy(Self.isUnreserved) else {
            return false
        }
        return Crypto.equal(Array(Crypto.base64URL(Crypto.sha256(verifier)).utf8), Array(value.utf8))
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "-_".utf8.contains(byte) }
    private static func isUnreserved(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "-._~".utf8.contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
