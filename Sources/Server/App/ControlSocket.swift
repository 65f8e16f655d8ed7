import Foundation
import Glibc

/// The socket on which a running server takes commands from its own machine. One line of JSON asks, lines of JSON
/// answer; the file is readable by its owner only. Calls block, so they run on their own threads.
enum ControlSocket {
    /// A request larger than this is refused: an imported file of 10 MB fits, even where each byte is escaped as six.
    static let largestRequest = 64 << 20

    /// Where the socket of the database at `path` is: beside it, or in the temporary folder where that name is too long
    /// for a socket (108 bytes).
    static func path(forDatabase path: String) -> String {
        let beside = path + ".socket"
        guard beside.utf8.count > 100 else { return beside }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a: only a short name for a long path.
        for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return "/tmp/anchorpoint-\(getuid())-\(String(hash, radix: 16)).socket"
    }

    /// An address of the Unix family; nil where the path is too long for one.
    fileprivate static func address(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    fileprivate static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        guard var address = address(path) else { return -1 }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}

/// The listening side.
final class ControlListener: Sendable {
    private let descriptor: Int32
    private let path: String

    typealias Handler = @Sendable (Operation, @escaping @Sendable (OperationMessage) -> Void) async -> Void

    /// Nil where the socket cannot be made; the server runs without it then.
    init?(path: String, handler: @escaping Handler) {
        unlink(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        (self.descriptor, self.path) = (descriptor, path)
        let mask = umask(0o177)
        let bound = ControlSocket.withAddress(path) { bind(descriptor, $0, $1) }
        umask(mask)
        guard descriptor >= 0, bound == 0, listen(descriptor, 16) == 0 else {
            Glibc.close(descriptor)
            return nil
        }
        Thread.detachNewThread {
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    return
                }
                Thread.detachNewThread { Self.serve(client, handler) }
            }
        }
    }

    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
        unlink(path)
    }

    private static func serve(_ client: Int32, _ handler: @escaping Handler) {
        guard let line = LineReader(client).next(limit: ControlSocket.largestRequest) else {
            Glibc.close(client)
            return
        }
        Task {
            defer { Glibc.close(client) }
            do {
                let operation = try JSONDecoder().decode(Operation.self, from: Data(line))
                await handler(operation) { send($0, to: client) }
            } catch {
                send(
                    .failure(.init(.usage, "the request is not one this server knows; are both of one version?")),
                    to: client)
            }
        }
    }

    private static func send(_ message: OperationMessage, to client: Int32) {
        // Encoding these values cannot fail: they hold text and numbers only. A client that left is not an error.
        guard let data = try? JSONEncoder().encode(message) else { return }
        writeAll(client, Array(data) + [10])
    }
}

/// The asking side.
enum ControlClient {
    /// Runs `operation` in the server behind `path`; false where nobody listens there.
    /// - Throws: `OperationFailure` where the connection ends before an answer, which is no success.
    static func run(
        _ operation: Operation, at path: String, _ receive: (OperationMessage) -> Void
    ) throws -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(descriptor) }
        guard ControlSocket.withAddress(path, { connect(descriptor, $0, $1) }) == 0 else { return false }
        writeAll(descriptor, Array(try JSONEncoder().encode(operation)) + [10])
        let reader = LineReader(descriptor)
        var isAnswered = false
        while let line = reader.next(limit: 256 << 20) {
            let message = try JSONDecoder().decode(OperationMessage.self, from: Data(line))
            if case .progress = message {} else { isAnswered = true }
            receive(message)
        }
        guard isAnswered else {
            throw OperationFailure(.unavailable, "the server ended the connection without an answer; look at its log")
        }
        return true
    }
}

/// Lines of bytes from a descriptor.
private final class LineReader {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next line without its end; nil at the end, on an error, or where the line is longer than `limit`.
    func next(limit: Int) -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: 10) {
                defer { buffer.removeSubrange(...end) }
                return Array(buffer[..<end])
            }
            searched = buffer.count
            guard buffer.count <= limit else { return nil }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }
}

private func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}
