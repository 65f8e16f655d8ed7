import Foundation

/// What an idle server with an empty database takes.
struct MemoryAtRest: BenchSuite {
    static let name = "memory-at-rest"
    private static let limit = 60.0

    static func run(_ context: BenchContext) async throws -> [Measurement] {
        let server = Process()
        server.executableURL = URL(fileURLWithPath: try context.server())
        server.arguments = ["serve", "--port", "0", "--database", "sqlite:\(context.folder)/rest.sqlite", "--empty"]
        server.standardOutput = FileHandle.nullDevice
        try server.run()
        try await Task.sleep(for: .seconds(3))
        let status = try String(contentsOfFile: "/proc/\(server.processIdentifier)/status", encoding: .utf8)
        server.terminate()
        server.waitUntilExit()
        let words = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }?.split(
            whereSeparator: \.isWhitespace)
        guard let words, words.count > 1, let kilobytes = Double(words[1]) else {
            throw BenchError("the server did not start")
        }
        return [
            Measurement(
                name: "server at rest", value: kilobytes / 1024, unit: "MB", better: .less, peer: "limit",
                peerValue: limit)
        ]
    }
}
