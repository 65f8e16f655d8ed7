internal import GuardedHTTP
internal import Synchronization

/// WebDAV requests of one account. The password goes only where the account allows; an answer from anywhere else is
/// `.anotherSite`.
struct DAVClient: Sendable {
    let client: GuardedClient
    let credential: Credential
    /// Bytes received so far.
    let meter = Meter()

    enum Depth: String {
        case zero = "0"
        case one = "1"
    }

    init(account: CalDAVAccount, client: GuardedClient) {
        (self.client, credential) = (client, account.credential)
    }

    func propfind(_ address: WebAddress, _ depth: Depth, _ properties: String) async throws(DAVError) -> (
        Multistatus, WebAddress
    ) {
        try await multistatus(
            "PROPFIND", address, depth, XMLWriter.document("D:propfind", "<D:prop>\(properties)</D:prop>"))
    }

    func report(_ address: WebAddress, _ depth: Depth, _ body: [UInt8]) async throws(DAVError) -> Multistatus {
        try await multistatus("REPORT", address, depth, body).0
    }

    /// Listing a large calendar takes servers that read it from files tens of seconds before they send anything.
    private static let patience: Duration = .seconds(50)

    private func multistatus(
        _ method: String, _ address: WebAddress, _ depth: Depth, _ body: [UInt8]
    ) async throws(DAVError) -> (Multistatus, WebAddress) {
        let headers = [Header("Depth", depth.rawValue), Header("Content-Type", "application/xml; charset=utf-8")]
        let response = try await send(method, address, headers, body, firstByte: Self.patience)
        guard response.status == 207 else {
            throw (200...299).contains(response.status) ? .notProtocol : DAVError(response)
        }
        do { return (try Multistatus(reading: response), response.address) } catch { throw .notProtocol }
    }

    /// The answer, of any status, from a place the password may go to.
    func send(
        _ method: String, _ address: WebAddress, _ headers: [Header] = [], _ body: [UInt8]? = nil,
        firstByte: Duration? = nil
    ) async throws(DAVError) -> FetchResponse {
        guard credential.mayGo(to: address.origin) else { throw .anotherSite(address.origin) }
        var request = FetchRequest(method, address, headers: headers, body: body, credential: credential)
        request.firstByte = firstByte
        let response: FetchResponse
        do { response = try await client.send(request) } catch { throw .fetch(error) }
        meter.add(response.transferred)
        guard credential.mayGo(to: response.address.origin) else { throw .anotherSite(response.address.origin) }
        return response
    }
}

/// Counts bytes over the requests of one call.
final class Meter: Sendable {
    private let count = Atomic(0)
    var total: Int { count.load(ordering: .relaxed) }
    /// Each addition is at most one body, 50 MB: 64 bits don't run over.
    func add(_ bytes: Int) { count.wrappingAdd(bytes, ordering: .relaxed) }
}
