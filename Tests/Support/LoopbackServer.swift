import Foundation
import Glibc
import Synchronization

/// A small HTTP server on loopback that answers as a test tells it to, honestly or not. Blocking sockets, a thread for
/// each connection; `stop()` closes the port.
public final class LoopbackServer: Sendable {
    public struct Request: Sendable {
        public let method: String
        public let path: String
        /// Names in lower case.
        public let headers: [String: String]
        public let body: String
    }

    /// Writes to one client. Writing to a client that went away gives false.
    public struct Connection: Sendable {
        let descriptor: Int32

        @discardableResult
        public func write(_ bytes: [UInt8]) -> Bool {
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }

        @discardableResult
        public func write(_ text: String) -> Bool { write(Array(text.utf8)) }
    }

    public enum Answer: Sendable {
        case answer(Int, headers: [(String, String)] = [], body: [UInt8] = [])
        /// Says and closes whatever it likes; the connection is closed when it returns.
        case script(@Sendable (Connection) -> Void)

        public static func text(
            _ status: Int, _ body: String, type: String = "text/plain", headers: [(String, String)] = []
        ) -> Answer {
            .answer(status, headers: [("Content-Type", type)] + headers, body: Array(body.utf8))
        }
    }

    public let port: UInt16
    private let listener: Int32
    private let accepted = Atomic(0)
    private let requested = Mutex<[Request]>([])
    private let answer: @Sendable (Request) -> Answer

    public let url: String
    /// How many connections came in, and what they asked.
    public var connections: Int { accepted.load(ordering: .sequentiallyConsistent) }
    public var requests: [Request] { requested.withLock { $0 } }

    public convenience init(_ answer: @escaping @Sendable (Request) -> Answer) {
        self.init(Loopback.listen(), host: "127.0.0.1", answer)
    }

    /// On `::1`; nil where this machine has no IPv6.
    public static func onIPv6(_ answer: @escaping @Sendable (Request) -> Answer) -> LoopbackServer? {
        Loopback.listenOnIPv6().map { LoopbackServer($0, host: "[::1]", answer) }
    }

    private init(
        _ socket: (descriptor: Int32, port: UInt16), host: String, _ answer: @escaping @Sendable (Request) -> Answer
    ) {
        self.answer = answer
        (listener, port, url) = (socket.descriptor, socket.port, "http://\(host):\(socket.port)")
        Thread.detachNewThread { self.accept() }
    }

    /// Ends `accept`, which closes the descriptor: closed here, its number could be another server's by then.
    public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func accept() {
        defer { close(listener) }
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            accepted.add(1, ordering: .sequentiallyConsistent)
            Thread.detachNewThread { self.serve(client) }
        }
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        var buffer: [UInt8] = []
        while let request = Self.request(from: client, &buffer) {
            requested.withLock { $0.append(request) }
            switch answer(request) {
            case .script(let script): return script(Connection(descriptor: client))
            case .answer(let status, let headers, let body):
                let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
                let head = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.count)\r\n\(lines)\r\n"
                guard Connection(descriptor: client).write(Array(head.utf8) + (request.method == "HEAD" ? [] : body))
                else { return }
            }
        }
    }

    private static func request(from client: Int32, _ buffer: inout [UInt8]) -> Request? {
        let end = Array("\r\n\r\n".utf8)
        while buffer.firstRange(of: end) == nil { guard receive(client, &buffer) else { return nil } }
        guard let split = buffer.firstRange(of: end) else { return nil }
        let lines = String(decoding: buffer[..<split.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description }
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < split.upperBound + length { guard receive(client, &buffer) else { return nil } }
        let body = String(decoding: buffer[split.upperBound..<(split.upperBound + length)], as: UTF8.self)
        buffer.removeFirst(split.upperBound + length)
        return Request(method: String(words[0]), path: String(words[1]), headers: headers, body: body)
    }

    private static func receive(_ client: Int32, _ buffer: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(client, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer += piece[..<count]
        return true
    }
}

/// Ports on 127.0.0.1.
public enum Loopback {
    /// A listening socket on a free port.
    static func listen() -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let port = bind(descriptor)
        precondition(Glibc.listen(descriptor, 128) == 0, "cannot listen on loopback")
        return (descriptor, port)
    }

    static func listenOnIPv6() -> (descriptor: Int32, port: UInt16)? {
        let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 128) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else {
            close(descriptor)
            return nil
        }
        return (descriptor, UInt16(bigEndian: address.sin6_port))
    }

    /// A port that was free a moment ago.
    public static func freePort() -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return bind(descriptor)
    }

    /// Whether something accepts connections at `port`.
    public static func isOpen(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = address(port)
        return withSocketAddress(&address) { connect(descriptor, $0, $1) } == 0
    }

    private static func bind(_ descriptor: Int32) -> UInt16 {
        var address = address(0)
        precondition(withSocketAddress(&address) { Glibc.bind(descriptor, $0, $1) } == 0, "cannot bind to loopback")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withSocketAddress(&address) { socketAddress, _ in getsockname(descriptor, socketAddress, &length) }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withSocketAddress(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
