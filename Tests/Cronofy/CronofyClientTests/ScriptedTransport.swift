import CronofyClient
import Synchronization

/// Answers requests from a script and keeps what was asked. A transport of its own, so that what the client does with
/// statuses, headers and time can be told apart; the live server is spoken to in EndToEndTests.
final class ScriptedTransport: CronofyTransport {
    typealias Answer = @Sendable (TransportRequest, Int) -> Result<TransportResponse, TransportFailure>

    private let requests = Mutex<[TransportRequest]>([])
    private let answer: Answer

    init(_ answer: @escaping Answer) { self.answer = answer }

    var sent: [TransportRequest] { requests.withLock { $0 } }

    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        let number = requests.withLock {
            $0.append(request)
            return $0.count
        }
        await Task.yield()
        return try answer(request, number).get()
    }
}

extension Result<TransportResponse, TransportFailure> {
    static func json(_ status: Int, _ text: String, _ headers: [String: String] = [:]) -> Self {
        .success(TransportResponse(status: status, headers: headers, body: Array(text.utf8)))
    }
}

extension TransportRequest {
    var bodyText: String { String(decoding: body, as: UTF8.self) }
    var path: String { String(url.dropFirst("https://api.example.com".count)) }
}
