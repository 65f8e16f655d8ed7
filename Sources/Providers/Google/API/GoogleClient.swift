internal import CivilTime
internal import CronofyWire
internal import GuardedHTTP
internal import ProviderKit
internal import SignInKit

/// Asks the Calendar API, and turns its refusals into the contract's words.
struct GoogleClient: Sendable {
    let transport: any GoogleTransport
    let tokens: any AccessTokens
    /// `https://www.googleapis.com/calendar/v3`, or a stand-in's.
    let base: WebAddress

    struct Call {
        var method: String
        var path: String
        var query: [(name: String, value: String)] = []
        var body: JSONValue?
        var etag: String?
        init(
            _ method: String, _ path: String, query: [(name: String, value: String)] = [], body: JSONValue? = nil,
            ifMatch etag: String? = nil
        ) {
            (self.method, self.path, self.query, self.body, self.etag) = (method, path, query, body, etag)
        }
    }

    /// The answer's JSON; of an empty answer (204) null.
    func send(_ call: Call) async throws(RemoteFailure) -> JSONValue { try Self.body(try await answer(call)) }

    static func body(_ response: FetchResponse) throws(RemoteFailure) -> JSONValue {
        guard (200..<300).contains(response.status) else { throw GoogleFailures.failure(response) }
        if response.body.isEmpty { return .null }
        guard let json = GoogleFailures.json(response) else {
            throw .unreachable(reason: GoogleFailures.notUnderstood)
        }
        return json
    }

    /// Any answer; a token that is refused is replaced once.
    func answer(_ call: Call) async throws(RemoteFailure) -> FetchResponse {
        let request = try request(call)
        var refused: Secret?
        while true {
            let token = try await tokens.token(afterRefusalOf: refused)
            var authorized = request
            authorized.headers.append(Header("Authorization", "Bearer " + token.revealed))
            let response: FetchResponse
            do { response = try await transport.send(authorized) } catch {
                throw .unreachable(reason: error.sentence)
            }
            guard response.status == 401, refused == nil else { return response }
            refused = token
        }
    }

    private func request(_ call: Call) throws(RemoteFailure) -> FetchRequest {
        let query = call.query.map { $0.name + "=" + PercentEncoding.segment($0.value) }.joined(separator: "&")
        let address: WebAddress
        do {
            address = try WebAddress(parsing: base.description + call.path + (query.isEmpty ? "" : "?" + query))
        } catch { throw .refused(status: 0, reason: "The id of the calendar or event cannot be part of an address.") }
        var headers = [Header("Accept", "application/json")]
        if call.body != nil { headers.append(Header("Content-Type", "application/json")) }
        if let etag = call.etag { headers.append(Header("If-Match", etag)) }
        return FetchRequest(call.method, address, headers: headers, body: call.body?.bytes, redirects: .never)
    }

    static func events(_ calendar: RemoteCalendarID) -> String {
        "/calendars/" + PercentEncoding.segment(calendar.value) + "/events"
    }

    static func event(_ id: String, in calendar: RemoteCalendarID) -> String {
        events(calendar) + "/" + PercentEncoding.segment(id)
    }
}
