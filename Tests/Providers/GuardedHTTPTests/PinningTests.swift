import Support
import Testing

@testable import GuardedHTTP

@Suite("A connection goes to the address that was judged")
struct PinningTests {
    private func run(_ url: String, admitted: [String]) throws -> Result<FetchResponse, FetchFailure> {
        let hop = Hop(
            request: FetchRequest("GET", try WebAddress(parsing: url)), password: nil, deadline: .now + .seconds(10),
            limits: .standard,
            settings: .init(policy: .development, extraCertificates: nil, userAgent: "Anchorpoint"))
        let transfer = Transfer(
            hop, admitted: try admitted.map { try #require(IPAddress($0)) }, flag: CancellationFlag())
        let handle = try #require(EasyHandle())
        do throws(FetchFailure) {
            let code = try transfer.perform(on: handle, freshConnection: false)
            return .success(try transfer.answer(for: code, handle))
        } catch { return .failure(error) }
    }

    @Test("a name is not resolved a second time")
    func pinned() throws {
        let server = LoopbackServer { .text(200, $0.headers["host"] ?? "") }
        defer { server.stop() }
        let answer = try run("http://calendar.invalid:\(server.port)/", admitted: ["127.0.0.1"]).get()
        #expect(String(decoding: answer.body, as: UTF8.self) == "calendar.invalid:\(server.port)")
    }

    @Test(
        "an address that was not judged is not connected to",
        arguments: ["127.0.0.1", "localhost", "127.1", "2130706433"])
    func refused(host: String) throws {
        let server = LoopbackServer { _ in .text(200, "inside") }
        defer { server.stop() }
        // As if the name had led to 8.8.8.8 when it was judged; literal spellings are never looked up.
        let isLiteral = host != "localhost"
        let result = try run("http://\(host):\(server.port)/", admitted: [isLiteral ? "8.8.8.8" : "127.0.0.3"])
        #expect(throws: FetchFailure.self) { try result.get() }
        if isLiteral { #expect(throws: FetchFailure.addressRefused) { try result.get() } }
        #expect(server.connections == 0)
    }
}
