import Foundation

/// What suites share: a folder for data, the built peers, and a database server; Scripts/bench prepares them.
struct BenchContext {
    /// Removed at the end.
    let folder: String
    private let environment = ProcessInfo.processInfo.environment

    init() throws {
        folder = NSTemporaryDirectory() + "anchorpoint-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func removeFolder() {
        // What is left over is in the folder for temporary files.
        try? FileManager.default.removeItem(atPath: folder)
    }

    func postgres() throws -> String { try path("ANCHORPOINT_BENCH_POSTGRES") }

    /// The built server.
    func server() throws -> String { try path("ANCHORPOINT_BENCH_SERVER") }

    /// The built server that has one route and nothing behind it.
    func bare() throws -> String { try path("ANCHORPOINT_BENCH_BARE") }

    /// Runs `bench/peers/NAME.c`, built, and reads its figures.
    func peer(_ name: String, _ arguments: [String]) throws -> [PeerFigure] {
        try Self.figures(of: try path("ANCHORPOINT_BENCH_PEERS") + "/" + name, arguments)
    }

    /// Runs a program that prints a figure a line: `name value checksum`. What the value counts is between the suite and
    /// the peer; the checksum must equal ours, else the two did not do the same work.
    static func figures(of program: String, _ arguments: [String]) throws -> [PeerFigure] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchError("\(program) ended with status \(process.terminationStatus)")
        }
        return try text.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, let value = Double(words[1]), let checksum = UInt64(words[2]) else {
                throw BenchError("\(program) printed '\(line)'; expected: name value checksum")
            }
            return PeerFigure(name: words[0], value: value, checksum: checksum)
        }
    }

    private func path(_ name: String) throws -> String {
        guard let value = environment[name] else { throw BenchError("\(name) is not set; start by Scripts/bench") }
        return value
    }
}

/// One line of a peer's output.
struct PeerFigure {
    let name: String
    let value: Double
    let checksum: UInt64

    /// The value, where the peer found what we found.
    func value(expecting ours: UInt64) throws -> Double {
        guard ours == checksum else { throw BenchError("\(name): our answer \(ours), the peer's \(checksum)") }
        return value
    }
}
