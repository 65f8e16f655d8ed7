internal import CivilTime
internal import CronofyWire
internal import Foundation
internal import GuardedHTTP
internal import Sealing

/// Texts of the authorization server.
public enum SandboxText {
    /// A value of a query.
    public static func encoded(_ text: String) -> String { PercentEncoding.segment(text) }

    /// Client id and secret of an `Authorization: Basic` header (RFC 6749 §2.3.1).
    static func basic(_ header: String?) -> (id: String, secret: String?)? {
        guard let header, header.lowercased().hasPrefix("basic "),
            let bytes = Data(base64Encoded: String(header.dropFirst(6)))
        else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
            .map { FormText.decoded($0) }
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    /// An OpenID token that is not signed (`alg` none): a stand-in has no keys that anybody should trust.
    static func idToken(person: String, client: String, nonce: String?, now: Instant, lifetime: Int64) -> String {
        var claims: [String: JSONValue] = [
            "iss": .string("provider-sandbox"), "sub": .string(subject(of: person)), "aud": .string(client),
            "email": .string(person), "email_verified": .bool(true), "iat": .integer(now.seconds),
            "exp": .integer(now.seconds + lifetime),
        ]
        if let nonce { claims["nonce"] = .string(nonce) }
        let header = JSONValue.object(["alg": .string("none"), "typ": .string("JWT")])
        return Crypto.base64URL(header.bytes) + "." + Crypto.base64URL(JSONValue.object(claims).bytes) + "."
    }

    /// A number that stays the same for a person.
    public static func subject(of person: String) -> String {
        Crypto.sha256(person).prefix(10).map { String($0 % 10) }.joined() + "00000000000"
    }
}
