import Foundation
import Glibc
import Synchronization

/// Real CalDAV servers in their own processes on loopback, with one user, one calendar, and a folder that goes with
/// them. Stopped by process id.
public final class CalDAVServer: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case radicale = "Radicale 3.9.0"
        case xandikos = "Xandikos 0.4.10"
        /// Releases that long-term distributions still carry.
        case oldRadicale = "Radicale 3.1.8"
        case oldXandikos = "Xandikos 0.2.8"

        /// Xandikos leaves passwords to the proxy before it.
        public var checksPasswords: Bool { self == .radicale || self == .oldRadicale }
        var isRadicale: Bool { checksPasswords }
        var isOld: Bool { self == .oldRadicale || self == .oldXandikos }
    }

    public static let user = "anna"
    /// May open everybody's calendars (Radicale only), with the same password.
    public static let administrator = "warden"
    public static let password = "correct horse"

    public let kind: Kind
    public let port: UInt16
    private let folder: URL
    private let process = Mutex<ChildProcess?>(nil)

    public var url: String { "http://127.0.0.1:\(port)" }
    public var homePath: String { kind.isRadicale ? "/anna/" : "/anna/calendars/" }
    /// The calendar that tests fill, and one that may only be read (Radicale only).
    public var calendarPath: String { kind.isRadicale ? "/anna/trips/" : "/anna/calendars/calendar/" }
    public let readOnlyPath = "/anna/readonly/"

    /// A fresh server, ready to answer.
    public init(_ kind: Kind) throws {
        try PythonEnvironment.prepare()
        (self.kind, port) = (kind, Loopback.freePort())
        folder = Self.place.appendingPathComponent("caldav-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if kind.isRadicale { try prepareRadicale() }
        try start()
    }

    /// In memory where there is room: five thousand items are as many files, each synced, which takes a busy disk
    /// minutes.
    private static var place: URL {
        let memory = "/dev/shm"
        // Where the file system does not answer, it is as if there were no room.
        let free = (try? FileManager.default.attributesOfFileSystem(forPath: memory))?[.systemFreeSize] as? Int ?? 0
        let isRoomy = free > 1 << 30 && FileManager.default.isWritableFile(atPath: memory)
        return isRoomy ? URL(fileURLWithPath: memory) : FileManager.default.temporaryDirectory
    }

    deinit {
        stop()
        do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path)") }
    }

    public func start() throws {
        let server = try ChildProcess(
            PythonEnvironment.interpreter(isOld: kind.isOld).path, arguments, environment: PythonEnvironment.variables)
        process.withLock { $0 = server }
        let deadline = ContinuousClock.now + .seconds(60)
        while !Loopback.isOpen(port) {
            guard ContinuousClock.now < deadline, server.statusIfEnded() == nil else {
                throw ServerFailure(text: "\(kind.rawValue) did not start")
            }
            usleep(20_000)
        }
    }

    public func stop() {
        process.withLock { process in
            process?.end()
            process = nil
        }
    }

    private var arguments: [String] {
        switch kind {
        case .radicale, .oldRadicale:
            [
                "-m", "radicale", "--server-hosts", "127.0.0.1:\(port)", "--auth-type", "htpasswd",
                "--auth-htpasswd-filename", folder.path + "/users", "--auth-htpasswd-encryption", "plain",
                "--auth-delay", "0",
                "--rights-type", "from_file", "--rights-file", folder.path + "/rights",
                "--storage-filesystem-folder", folder.path + "/data", "--logging-level", "error",
            ]
        case .xandikos:
            [
                "-m", "xandikos", "serve", "-d", folder.path + "/data", "--defaults", "--current-user-principal",
                "/anna/",
                "-l", "127.0.0.1", "-p", "\(port)",
            ]
        case .oldXandikos:
            [
                "-m", "xandikos", "-d", folder.path + "/data", "--defaults", "--current-user-principal", "/anna/", "-l",
                "127.0.0.1", "-p", "\(port)",
            ]
        }
    }

    private func prepareRadicale() throws {
        try write("\(Self.user):\(Self.password)\n\(Self.administrator):\(Self.password)\n", to: "users")
        let rights = """
            [administrator]
            user: \(Self.administrator)
            collection: .*
            permissions: RrWw
            [readonly]
            user: .+
            collection: {user}/readonly
            permissions: ri
            [root]
            user: .*
            collection:
            permissions: R
            [principal]
            user: .+
            collection: {user}
            permissions: RW
            [calendars]
            user: .+
            collection: {user}/[^/]+
            permissions: rw
            """
        try write(rights, to: "rights")
        for name in ["trips", "readonly"] {
            try write(
                #"{"tag": "VCALENDAR", "D:displayname": "\#(name)"}"#,
                to: "data/collection-root/anna/\(name)/.Radicale.props")
        }
    }

    /// Puts many events into the calendar by the server's own storage, which is faster than asking it.
    public func fill(_ events: [(name: String, text: String)]) throws {
        let calendar = kind.isRadicale ? "data/collection-root/anna/trips/" : "data/anna/calendars/calendar/"
        for event in events { try write(event.text, to: calendar + event.name) }
        guard !kind.isRadicale else { return }
        let script = """
            import sys
            from dulwich import porcelain
            folder = sys.argv[1]
            import os
            names = [name for name in os.listdir(folder) if name.endswith('.ics')]
            porcelain.add(folder, [os.path.join(folder, name) for name in names])
            porcelain.commit(folder, message=b'fill', author=b'A <a@example.org>', committer=b'A <a@example.org>')
            """
        try PythonEnvironment.run(isOld: kind.isOld, ["-c", script, folder.path + "/" + calendar])
    }

    /// Adds a file to the calendar's folder past every check of the server (Radicale only).
    public func plant(_ text: String, name: String) throws {
        try write(text, to: "data/collection-root/anna/trips/" + name)
    }

    private func write(_ text: String, to name: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}

public struct ServerFailure: Error, CustomStringConvertible {
    public let description: String
    init(text: String) { description = text }
}

/// The Python servers under `.venv`, made when they are first needed.
enum PythonEnvironment {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let isReady = Mutex(false)

    static func prepare() throws {
        try isReady.withLock { isReady in
            guard !isReady else { return }
            try run(root.appendingPathComponent("Scripts/python-environment"), [])
            isReady = true
        }
    }

    static func interpreter(isOld: Bool) -> URL {
        root.appendingPathComponent(isOld ? ".venv/old/bin/python" : ".venv/bin/python")
    }

    static func run(isOld: Bool, _ arguments: [String]) throws { try run(interpreter(isOld: isOld), arguments) }

    static let variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"]

    private static func run(_ program: URL, _ arguments: [String]) throws {
        guard try ChildProcess(program.path, arguments, environment: variables).wait() == 0 else {
            throw ServerFailure(text: "\(program.lastPathComponent) failed")
        }
    }
}
