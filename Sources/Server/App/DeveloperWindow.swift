import API
import Accounts
import Authorization
import CivilTime
import CronofyClient
import StorageKit
import Web

/// The API seen from the developers' pages: asked through its own routes, in this process.
struct DeveloperWindow: APIWindow {
    let platform: AnchorpointPlatform
    let transport: InProcessTransport

    init(_ platform: AnchorpointPlatform) { (self.platform, transport) = (platform, platform.inProcessTransport()) }

    func requests(of client: ClientID) async throws -> [AskedCall] {
        // What was asked a moment ago is shown too.
        try await platform.requestLog.flush()
        return try await platform.requestLog.requests(of: client).map {
            AskedCall(
                id: $0.id, account: $0.account, atMS: $0.atMS, tookMS: $0.tookMS, method: $0.method, route: $0.route,
                status: $0.status, query: $0.query, body: $0.body, answer: $0.answer)
        }
    }

    func offers(to client: ClientID) async throws -> [OfferedCall] {
        let account = try await trial(client).account
        let (profile, calendar) = (
            try await platform.profiles.profiles(of: account).first,
            try await platform.profiles.calendars(of: account).first
        )
        let day = platform.accounts.now().seconds / 86_400 * 86_400 + 86_400
        func at(_ hour: Int64) -> String { Instant(seconds: day + hour * 3600).description }
        var values = [
            "sub": account.value, "tzid": "Etc/UTC", "start": at(9), "end": at(10), "event_id": "tried",
            "origin": platform.configuration.publicURL, "query_periods": "", "summary": "Tried", "required": "all",
            "calendar_ids": "", "minutes": "60", "start_time": "09:00", "end_time": "17:00", "permission": "agenda",
            "availability_rule_id": "tried", "file_name": "plan.txt", "content_type": "text/plain",
            "base64_content": "SGVsbG8=",
        ]
        (values["profile_id"], values["calendar_id"]) = (profile?.id.value, calendar?.id.value)
        return CallOffer.all(filling: values).map {
            OfferedCall(
                id: $0.id, method: $0.method, path: $0.path, summary: $0.summary, takesKey: $0.takesKey, body: $0.body)
        }
    }

    func send(_ call: TriedCall, of client: ClientID) async throws -> TriedAnswer {
        let bearer = call.takesKey ? try await key(of: client) : try await trial(client).token
        var headers = ["Accept": "application/json", "Authorization": "Bearer " + bearer.reveal()]
        if !call.body.isEmpty { headers["Content-Type"] = "application/json" }
        let answer = try await transport.send(
            TransportRequest(
                method: call.method.transport, url: platform.configuration.publicURL + call.path, headers: headers,
                body: Array(call.body.utf8)))
        return TriedAnswer(
            status: answer.status, headers: answer.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            body: String(decoding: answer.body, as: UTF8.self))
    }

    private func trial(_ client: ClientID) async throws -> (account: AccountID, token: Accounts.Secret) {
        let make = platform.connector.makeOwnCalendar
        return try await platform.authorization.trialToken(of: client) { try make($0, "Test account", $1) }
    }

    /// The newest secret; one that opens nothing for an application that has none.
    private func key(of client: ClientID) async throws -> Accounts.Secret {
        let accounts = platform.accounts
        return try await platform.database.read { try accounts.liveSecrets(of: client, in: $0).first }
            ?? Accounts.Secret("none")
    }
}

extension TriedCall.Method {
    fileprivate var transport: TransportRequest.Method {
        switch self {
        case .get: .get
        case .post: .post
        case .delete: .delete
        }
    }
}
