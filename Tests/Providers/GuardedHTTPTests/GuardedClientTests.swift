import Support
import Testing

@testable import GuardedHTTP

@Suite("The guarded client")
struct GuardedClientTests {
    private let client = GuardedClient(policy: .development, limits: Self.quick)

    /// The default limits in less time.
    private static var quick: FetchLimits {
        var limits = FetchLimits()
        (limits.connect, limits.firstByte, limits.whole) = (.seconds(5), .seconds(5), .seconds(15))
        (limits.paceGrace, limits.body) = (.seconds(2), 3_000_000)
        return limits
    }

    private func get(_ url: String, credential: Credential? = nil) async throws(FetchFailure) -> FetchResponse {
        let address: WebAddress
        do { address = try WebAddress(parsing: url) } catch { throw .invalidAddress(error) }
        return try await client.send(FetchRequest("GET", address, credential: credential))
    }

    // MARK: - Exchange

    @Test("sends method, headers and body, and gives back the answer")
    func exchanges() async throws {
        let server = LoopbackServer { request in
            .text(
                207, "\(request.method) \(request.headers["depth"] ?? "-") \(request.body)",
                headers: [("X-One", " a b ")])
        }
        defer { server.stop() }
        let address = try WebAddress(parsing: server.url + "/x")
        for method in ["PROPFIND", "REPORT", "PUT", "POST", "MKCALENDAR"] {
            let answer = try await client.send(
                FetchRequest(method, address, headers: [Header("Depth", "1")], body: Array("grüße".utf8)))
            #expect(answer.status == 207)
            #expect(answer["x-one"] == "a b")
            #expect(String(decoding: answer.body, as: UTF8.self) == "\(method) 1 grüße")
        }
        #expect(server.connections == 1, "the connection is kept")
    }

    @Test("speaks IPv6, to addresses as to names with several answers")
    func ipv6() async throws {
        guard let server = LoopbackServer.onIPv6({ _ in .text(200, "six") }) else { return }
        defer { server.stop() }
        for url in [server.url, "http://localhost:\(server.port)"] where url.contains("[") || Self.localhostHasSix {
            #expect(String(decoding: try await get(url).body, as: UTF8.self) == "six")
        }
    }

    private static var localhostHasSix: Bool {
        Resolver.addresses(of: "localhost").contains { if case .v6 = $0 { true } else { false } }
    }

    @Test("header values cannot smuggle in headers")
    func headerInjection() async throws {
        let server = LoopbackServer { request in .text(200, request.headers["evil"] ?? "none") }
        defer { server.stop() }
        let answer = try await client.send(
            FetchRequest("GET", try WebAddress(parsing: server.url), headers: [Header("X", "1\r\nEvil: yes")]))
        #expect(String(decoding: answer.body, as: UTF8.self) == "none")
    }

    @Test("takes no proxy from the environment")
    func noProxy() async throws {
        let proxy = LoopbackServer { _ in .text(200, "proxied") }
        let server = LoopbackServer { _ in .text(200, "direct") }
        defer {
            proxy.stop()
            server.stop()
        }
        TestEnvironment.set("http_proxy", proxy.url)
        defer { TestEnvironment.unset("http_proxy") }
        let answer = try await get(server.url)
        #expect(String(decoding: answer.body, as: UTF8.self) == "direct")
        #expect(proxy.connections == 0)
    }

    @Test("tries again when a kept connection was closed meanwhile")
    func reusedConnectionClosed() async throws {
        let server = LoopbackServer { request in
            request.path == "/close"
                ? .script { $0.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") } : .text(200, "again")
        }
        defer { server.stop() }
        for _ in 0..<3 {
            #expect(try await get(server.url + "/close").status == 200)
            #expect(try await get(server.url + "/next").status == 200)
        }
    }

    // MARK: - Redirects

    @Test("a redirect keeps method and body", arguments: [301, 302, 303, 307, 308])
    func redirectKeepsMethod(status: Int) async throws {
        let server = LoopbackServer { request in
            request.path == "/old"
                ? .answer(status, headers: [("Location", "new/./x?y")])
                : .text(200, "\(request.method) \(request.path) \(request.body)")
        }
        defer { server.stop() }
        let address = try WebAddress(parsing: server.url + "/old")
        let answer = try await client.send(FetchRequest("PROPFIND", address, body: Array("<x/>".utf8)))
        #expect(String(decoding: answer.body, as: UTF8.self) == "PROPFIND /new/x?y <x/>")
        #expect(answer.address.path == "/new/x")
    }

    @Test(
        "redirects into the network are refused at every hop",
        arguments: [
            "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/",
            "http://192.168.1.1:8080/x",
        ])
    func redirectInside(target: String) async throws {
        let server = LoopbackServer { _ in .answer(302, headers: [("Location", target)]) }
        defer { server.stop() }
        let failure = await #expect(throws: FetchFailure.self) { try await get(server.url) }
        #expect(failure == .addressRefused || failure == .invalidAddress(.plainTextRefused))
    }

    @Test("the second hop is judged like the first")
    func redirectToRefusedAddress() async throws {
        let server = LoopbackServer { _ in
            .answer(302, headers: [("Location", "http://127.0.0.2:\(Loopback.freePort())/")])
        }
        defer { server.stop() }
        // The operator lists the first hop's very address; the second is its neighbour.
        var policy = AddressPolicy(.publicOnly, plainTextHosts: ["127.0.0.1", "127.0.0.2"])
        policy.networks = [try #require(IPRange("127.0.0.1/32"))]
        policy.ports = Set(1...65_535)
        let address = try WebAddress(parsing: server.url)
        await #expect(throws: FetchFailure.addressRefused) {
            try await GuardedClient(policy: policy).send(FetchRequest("GET", address))
        }
        policy.isEnforced = false
        await #expect(throws: FetchFailure.notReached) {
            try await GuardedClient(policy: policy).send(FetchRequest("GET", address))
        }
    }

    @Test("gives up after five redirects")
    func redirectLoop() async throws {
        let server = LoopbackServer { _ in .answer(302, headers: [("Location", "/again")]) }
        defer { server.stop() }
        await #expect(throws: FetchFailure.tooManyRedirects) { try await get(server.url) }
        #expect(server.requests.count == 6)
    }

    @Test("a redirect is the answer where redirects are off")
    func redirectsOff() async throws {
        let server = LoopbackServer { _ in .answer(302, headers: [("Location", "/x")]) }
        defer { server.stop() }
        let answer = try await client.send(FetchRequest("POST", try WebAddress(parsing: server.url), redirects: .never))
        #expect(answer.status == 302)
    }

    @Test("a password stays with its origin through redirects")
    func redirectDropsCredential() async throws {
        let other = LoopbackServer { request in .text(200, request.headers["authorization"] ?? "none") }
        let first = LoopbackServer { request in
            request.headers["authorization"] == nil
                ? .answer(401, headers: [("WWW-Authenticate", "Basic realm=\"x\"")])
                : .answer(302, headers: [("Location", other.url)])
        }
        defer {
            other.stop()
            first.stop()
        }
        let origin = try WebAddress(parsing: first.url).origin
        let otherOrigin = try WebAddress(parsing: other.url).origin
        let bound = Credential(user: "anna", password: Secret("pw"), for: origin)
        #expect(String(decoding: try await get(first.url, credential: bound).body, as: UTF8.self) == "none")
        let confirmed = Credential(user: "anna", password: Secret("pw"), for: origin, alsoFor: [.origin(otherOrigin)])
        #expect(
            String(decoding: try await get(first.url, credential: confirmed).body, as: UTF8.self)
                == "Basic YW5uYTpwdw==")
    }

    // MARK: - Passwords

    @Test(
        "Basic is preferred, Digest is answered where it is all there is",
        arguments: [
            ([#"X-MobileMe-AuthToken realm="MMCalDav""#, #"Basic realm="MMCalDav""#], "Basic "),
            ([#"Digest realm="r", nonce="n", qop="auth", Basic realm="r""#], "Basic "),
            ([#"Digest realm="r", nonce="n", qop="auth""#], "Digest "),
            ([], "Basic "),
        ])
    func authentication(challenges: [String], expected: String) async throws {
        let server = LoopbackServer { request in
            request.headers["authorization"]?.hasPrefix(expected) == true
                ? .text(200, "in \(request.body)") : .answer(401, headers: challenges.map { ("WWW-Authenticate", $0) })
        }
        defer { server.stop() }
        let address = try WebAddress(parsing: server.url)
        let credential = Credential(user: "anna", password: Secret("pw"), for: address.origin)
        for _ in 0..<2 {
            let answer = try await client.send(
                FetchRequest("PROPFIND", address, body: Array("b".utf8), credential: credential))
            #expect(String(decoding: answer.body, as: UTF8.self) == "in b")
        }
    }

    @Test("a refused password is shown once, not again and again")
    func noHammering() async throws {
        let server = LoopbackServer { _ in .answer(401, headers: [("WWW-Authenticate", "Basic realm=\"x\"")]) }
        defer { server.stop() }
        let credential = Credential(user: "a", password: Secret("b"), for: try WebAddress(parsing: server.url).origin)
        #expect(try await get(server.url, credential: credential).status == 401)
        #expect(server.requests.count { $0.headers["authorization"] != nil } == 1)
    }

    // MARK: - Limits

    @Test("an endless body ends at the limit")
    func endlessBody() async throws {
        let server = LoopbackServer { _ in
            .script { client in
                client.write("HTTP/1.1 200 OK\r\n\r\n")
                while client.write([UInt8](repeating: 65, count: 65_536)) {}
            }
        }
        defer { server.stop() }
        await #expect(throws: FetchFailure.tooLarge) { try await get(server.url) }
    }

    @Test("endless and oversized headers are refused", arguments: [true, false])
    func endlessHeaders(isOneLine: Bool) async throws {
        let server = LoopbackServer { _ in
            .script { client in
                client.write("HTTP/1.1 200 OK\r\n")
                while client.write(isOneLine ? String(repeating: "x", count: 1000) : "X-A: b\r\n") {}
            }
        }
        defer { server.stop() }
        await #expect(throws: FetchFailure.malformedAnswer) { try await get(server.url) }
    }

    @Test("a compressed bomb is refused while it unfolds, honest compression is not")
    func compression() async throws {
        let bomb = try Gzip.compressed(byte: 65, count: 2_500_000)
        let honest = try Gzip.compressed(
            Array((0..<90_000).map { "line \($0 &* 2_654_435_761 % 1_000_003)\n" }.joined().utf8))
        #expect(bomb.count < 25_000)
        let server = LoopbackServer { request in
            .answer(200, headers: [("Content-Encoding", "gzip")], body: request.path == "/bomb" ? bomb : honest)
        }
        defer { server.stop() }
        await #expect(throws: FetchFailure.tooLarge) { try await get(server.url + "/bomb") }
        let answer = try await get(server.url + "/honest")
        #expect(answer.body.count > 1_000_000 && answer.transferred == honest.count)
    }

    @Test("a server that says nothing, and one that drips, are given up")
    func slowServers() async throws {
        let silent = LoopbackServer { _ in .script { _ in Pause.seconds(12) } }
        let dripping = LoopbackServer { _ in
            .script { client in
                client.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while client.write("x") { Pause.seconds(0.1) }
            }
        }
        defer {
            silent.stop()
            dripping.stop()
        }
        async let first: Void = expectFailure(.timedOut(.firstByte), silent.url)
        async let second: Void = expectFailure(.timedOut(.pace), dripping.url)
        _ = await (first, second)
    }

    private func expectFailure(_ failure: FetchFailure, _ url: String) async {
        await #expect(throws: failure) { try await get(url) }
    }

    @Test("a body cut short is a failure, never a short body")
    func truncatedBody() async throws {
        let server = LoopbackServer { _ in .script { $0.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort") } }
        defer { server.stop() }
        await #expect(throws: FetchFailure.malformedAnswer) { try await get(server.url) }
    }

    @Test("what is not HTTP is refused", arguments: ["SSH-2.0-OpenSSH\r\n\r\n", "220 mail ready\r\n", "hello"])
    func notHTTP(greeting: String) async throws {
        let server = LoopbackServer { _ in .script { $0.write(greeting) } }
        defer { server.stop() }
        await #expect(throws: FetchFailure.self) { try await get(server.url) }
    }

    @Test("nothing listens: not reached")
    func nothingThere() async throws {
        await #expect(throws: FetchFailure.notReached) { try await get("http://127.0.0.1:\(Loopback.freePort())/") }
        await #expect(throws: FetchFailure.notReached) { try await get("https://no-such-host.invalid/") }
    }

    @Test("cancelling the task ends the transfer")
    func cancellation() async throws {
        let server = LoopbackServer { _ in .script { _ in Pause.seconds(40) } }
        defer { server.stop() }
        let patient = GuardedClient(policy: .development)
        let address = try WebAddress(parsing: server.url)
        let begun = ContinuousClock.now
        let task = Task { try await patient.send(FetchRequest("GET", address)) }
        while server.connections == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: FetchFailure.cancelled) { try await task.value }
        #expect(ContinuousClock.now - begun < .seconds(12))
    }

    @Test("a host gets two connections at once, however many ask")
    func connectionsPerHost() async throws {
        let server = LoopbackServer { _ in .text(200, "x") }
        defer { server.stop() }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<40 { group.addTask { try await get(server.url).status } }
            for try await status in group { #expect(status == 200) }
        }
        #expect(server.connections <= 2)
    }

    // MARK: - TLS

    @Test("a certificate nobody trusted signed is refused; one of the extra file is taken, for its own name only")
    func certificates() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        await #expect(throws: FetchFailure.insecure) { try await get("https://127.0.0.1:\(server.port)/") }
        let trusting = GuardedClient(
            policy: .development, limits: Self.quick, extraCertificates: server.certificateFile)
        let answer = try await trusting.send(
            FetchRequest("GET", try WebAddress(parsing: "https://127.0.0.1:\(server.port)/")))
        #expect(answer.status == 200)
        await #expect(throws: FetchFailure.insecure) {
            try await trusting.send(FetchRequest("GET", try WebAddress(parsing: "https://localhost:\(server.port)/")))
        }
        await #expect(throws: FetchFailure.redirectRefused) {
            try await trusting.send(
                FetchRequest("GET", try WebAddress(parsing: "https://127.0.0.1:\(server.port)/down")))
        }
    }
}
