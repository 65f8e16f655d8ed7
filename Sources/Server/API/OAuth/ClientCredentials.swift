import Accounts
import Authorization
import CronofyWire
import Foundation

/// How a client names itself to the token endpoints (RFC 6749 §2.3.1): in the body, as Cronofy's SDKs do whatever they
/// put into `Authorization`, or by HTTP Basic.
struct ClientCredentials {
    let id: ClientID
    /// Nil for a client that has none.
    let secret: Secret?
    let isBasic: Bool

    init(body: JSONValue, authorization: String?) throws(OAuthFault) {
        let fields = OAuthFields(body)
        let (id, secret) = (try fields.text("client_id"), try fields.text("client_secret"))
        if let basic = Self.basic(authorization) {
            guard secret == nil, id == nil || id == basic.id else {
                throw OAuthFault(.invalidRequest, "the client must name itself once: in the body or by HTTP Basic")
            }
            (self.id, self.secret, isBasic) = (ClientID(basic.id), Secret(basic.secret), true)
            return
        }
        guard let id else { throw OAuthFault(.invalidClient, "client_id is missing") }
        (self.id, self.secret, isBasic) = (ClientID(id), secret.map { Secret($0) }, false)
    }

    private static func basic(_ header: String?) -> (id: String, secret: String)? {
        guard let header, header.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: header.dropFirst(6).trimmingCharacters(in: .whitespaces))
        else { return nil }
        let parts = String(decoding: data, as: UTF8.self)
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        // Both are form-encoded first (RFC 6749 §2.3.1).
        return (FormText.decoded(parts[0]), FormText.decoded(parts[1]))
    }
}

/// Members of an OAuth request; absent, null and empty are one.
struct OAuthFields {
    private let body: JSONValue

    init(_ body: JSONValue) { self.body = body }

    func text(_ name: String) throws(OAuthFault) -> String? {
        switch body[name] {
        case nil, .null, .string(""): return nil
        case .string(let text):
            guard text.utf8.count <= 4096 else {
                throw OAuthFault(.invalidRequest, "\(name) is longer than 4096 bytes")
            }
            return text
        default: throw OAuthFault(.invalidRequest, "\(name) must be a string")
        }
    }

    func required(_ name: String) throws(OAuthFault) -> String {
        guard let text = try text(name) else { throw OAuthFault(.invalidRequest, "\(name) is missing") }
        return text
    }

    func flag(_ name: String) throws(OAuthFault) -> Bool {
        switch body[name] {
        case nil, .null, .bool(false): return false
        case .bool(true): return true
        case .string(let text) where ["true", "1"].contains(text.lowercased()): return true
        case .string(let text) where ["false", "0", ""].contains(text.lowercased()): return false
        default: throw OAuthFault(.invalidRequest, "\(name) must be true or false")
        }
    }
}
