import HTTPTypes
import Synchronization

/// A browser without a screen: keeps cookies, sends forms with the token of the page they stand on.
final class PageBrowser: Sendable {
    let server: LiveServer
    private let cookies = Mutex<[String: String]>([:])

    init(_ server: LiveServer) { self.server = server }

    func get(_ path: String) async throws -> LiveServer.Reply { try await send(.get, path) }

    /// Sends the form that posts to an address holding `mark`, as it stands on `page`, with `fields` filled in.
    func submit(
        _ page: LiveServer.Reply, to mark: String, _ fields: [String: String] = [:], token: String? = nil
    ) async throws -> LiveServer.Reply {
        guard let action = page.formActions.first(where: { $0.contains(mark) }) else { throw OAuthWorld.Missing() }
        var all = fields
        all["form_token"] = token ?? page.formToken
        return try await post(action, all)
    }

    func post(_ path: String, _ fields: [String: String]) async throws -> LiveServer.Reply {
        let text = fields.map { $0.key + "=" + Self.encoded($0.value) }.joined(separator: "&")
        return try await send(
            .post, path, headers: [.contentType: "application/x-www-form-urlencoded"], body: text)
    }

    func cookie(_ name: String) -> String? { cookies.withLock { $0[name] } }
    func forget(_ name: String) { cookies.withLock { $0[name] = nil } }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: String = ""
    ) async throws -> LiveServer.Reply {
        var headers = headers
        let jar = cookies.withLock { $0 }
        if !jar.isEmpty { headers[.cookie] = jar.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        let reply = try await server.send(method, path, headers: headers, body: body)
        for field in reply.headers[values: .setCookie] {
            let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            cookies.withLock { $0[String(pair[0])] = pair.count > 1 ? String(pair[1]) : nil }
        }
        return reply
    }

    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

extension LiveServer.Reply {
    /// Where the page's forms post to, as a browser reads them.
    var formActions: [String] {
        text.components(after: "action=\"", until: "\"").map(Self.unescaped)
    }

    var links: [String] { text.components(after: "href=\"", until: "\"").map(Self.unescaped) }

    var formToken: String? { text.components(after: "name=\"form_token\" value=\"", until: "\"").first }

    /// A parameter of the address it leads to.
    func parameter(_ name: String) -> String? {
        guard let query = location?.split(separator: "?", maxSplits: 1).last else { return nil }
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            if halves.count == 2, halves[0] == name { return Self.percentDecoded(String(halves[1])) }
        }
        return nil
    }

    private static func unescaped(_ text: String) -> String {
        [("&amp;", "&"), ("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    private static func percentDecoded(_ text: String) -> String {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// Every text between `start` and the next `end`.
    func components(after start: String, until end: Character) -> [String] {
        ranges(of: start).map { String(self[$0.upperBound...].prefix { $0 != end }) }
    }
}
