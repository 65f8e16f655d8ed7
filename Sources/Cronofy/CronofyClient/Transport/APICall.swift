import CronofyWire

/// One call of the API before it has a credential and a server.
struct APICall: Sendable {
    let method: TransportRequest.Method
    /// From the root, such as `/v1/events`, or an absolute address that the server gave.
    let path: String
    var query: [(name: String, value: String)] = []
    var body: JSONValue?
    /// Whether a second arrival of the same request does no harm.
    var isRepeatable = true
}

extension APICall {
    static func get(_ path: String, _ query: [(name: String, value: String)] = []) -> APICall {
        APICall(method: .get, path: path, query: query)
    }

    static func post(_ path: String, _ body: JSONValue = .object([:]), isRepeatable: Bool = true) -> APICall {
        APICall(method: .post, path: path, body: body, isRepeatable: isRepeatable)
    }

    static func delete(_ path: String, _ body: JSONValue = .object([:])) -> APICall {
        APICall(method: .delete, path: path, body: body)
    }

    /// `segment` as one part of a path: what could end or change the path is percent-encoded (RFC 3986 §3.3).
    static func segment(_ segment: String) -> String { URLText.encoded(segment) }

    func request(to base: String, bearer: Secret?) -> TransportRequest {
        var url = path.hasPrefix("/") ? base + path : path
        if !query.isEmpty {
            let pairs = query.map { "\(URLText.encoded($0.name))=\(URLText.encoded($0.value))" }
            url += "?" + pairs.joined(separator: "&")
        }
        var headers = ["Accept": "application/json", "User-Agent": "anchorpoint-cronofy-client"]
        if let bearer { headers["Authorization"] = "Bearer \(bearer.text)" }
        var writer = JSONWriter()
        if let body {
            headers["Content-Type"] = "application/json; charset=utf-8"
            writer.value(body)
        }
        return TransportRequest(method: method, url: url, headers: headers, body: writer.bytes)
    }
}

enum URLText {
    /// Percent-encoding of everything but RFC 3986's unreserved characters.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
