import Foundation
import PostgreSQL
import StorageKit

/// One real server for all tests of a process, stopped when the process ends, however it ends.
public actor PostgresServer {
    public static let shared = PostgresServer()

    private var url: String?
    private var count = 0

    /// The address of a database nobody else uses.
    public func freshDatabase() async throws -> String {
        let url = try start()
        count += 1
        let name = "test\(count)"
        try Self.run("/usr/bin/env", ["psql", "--quiet", "--no-psqlrc", url, "-c", "CREATE DATABASE \(name)"])
        return url.replacingOccurrences(of: "/postgres", with: "/\(name)", options: .backwards)
    }

    private func start() throws -> String {
        if let url { return url }
        let folder = NSTemporaryDirectory() + "anchorpoint-postgres-\(getpid())"
        let script = Self.root + "/Scripts/postgres-server"
        try Self.run(script, ["start", folder])
        let output = try String(contentsOfFile: folder + "/url", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        // A shell that outlives us: it stops the server when our process is gone.
        let watchdog = Process()
        watchdog.executableURL = URL(fileURLWithPath: "/bin/bash")
        watchdog.arguments = [
            "-c", "while kill -0 \(getpid()) 2>/dev/null; do sleep 1; done; exec '\(script)' stop '\(folder)'",
        ]
        watchdog.standardOutput = FileHandle.nullDevice
        watchdog.standardError = FileHandle.nullDevice
        try watchdog.run()
        url = output
        return output
    }

    /// The package's folder.
    public static var root: String {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let named = folder.path
        let isHere = FileManager.default.fileExists(atPath: named + "/Package.swift")
        return isHere ? named : FileManager.default.currentDirectoryPath
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(program: program, status: process.terminationStatus) }
    }

    struct Failure: Error {
        let program: String
        let status: Int32
    }
}
