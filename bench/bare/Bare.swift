// bench-bare: a server with one route and nothing behind it, as fast as Hummingbird answers: what requests of ours are
// measured beside. Argument: the port.
import Hummingbird
import Logging
import NIOCore

@main
struct Bare {
    static func main() async throws {
        let router = Router()
        router.get("/") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: "{\"answer\":true}")))
        }
        let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 0
        var logger = Logger(label: "bare")
        logger.logLevel = .error
        try await Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger
        ).runService()
    }
}
