import Accounts
import HTTPTypes
import Testing

@testable import Web

@Suite("Too many wrong tries (threats: guessing, stuffing)")
struct TryLimitTests {
    private static let wrong = ConnectError.wrongCredential(reason: "Not that one.")

    private func send(
        _ browser: Browser, _ account: AccountID, _ username: String, from address: String? = nil
    ) async throws -> Stand.Reply {
        let path = "/people/\(account.value)/connect/caldav"
        var headers = HTTPFields()
        if let address { headers[try #require(HTTPField.Name("X-Forwarded-For"))] = address }
        return try await browser.post(
            path, [("address", "https://dav.example.com"), ("username", username), ("password", "guess")],
            token: try await browser.get(path).formToken, headers: headers)
    }

    @Test("the eleventh wrong password is not shown to anybody, and the page says when to try again")
    func passwords() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        stand.calendars.fail(with: Self.wrong)
        for _ in 0..<10 { #expect(try await send(browser, sample.maya, "Anna").status == 422) }
        let asked = stand.calendars.calls.count
        stand.clock.advance(bySeconds: 300)
        let refused = try await send(browser, sample.maya, "anna")
        #expect(refused.status == 429 && refused.headers[.retryAfter] == "600")
        #expect(refused.text.contains("Try again in 10 minutes"))
        #expect(stand.calendars.calls.count == asked)
        // Whoever is signed in stays so, and the right password works when the time has passed.
        #expect(try await browser.get("/people").status == 200)
        stand.calendars.fail(with: nil)
        #expect(try await send(browser, sample.maya, "anna").status == 429)
        stand.clock.advance(bySeconds: 600)
        #expect(try await send(browser, sample.maya, "anna").status == 303)
    }

    @Test("what was no guess is not counted: the control of the test above")
    func honest() async throws {
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        for failure in [nil, ConnectError.unreachable(reason: "It is away.")] {
            stand.calendars.fail(with: failure)
            for _ in 0..<15 {
                #expect(try await send(browser, sample.maya, "anna").status == (failure == nil ? 303 : 422))
            }
        }
    }

    @Test("an account is counted wherever the guesses come from, a network whomever they are for")
    func keys() throws {
        let limiter = TryLimiter(limit: 10) { Stand.now }
        for number in 0..<10 { try limiter.take([.network("n\(number)"), .account("anna")]) }
        #expect(throws: PageFailure.tooManyTries(seconds: 900)) {
            try limiter.take([.network("other"), .account("anna")])
        }
        try limiter.take([.network("other"), .account("ben")])
        for number in 0..<9 { try limiter.take([.network("other"), .account("c\(number)")]) }
        #expect(throws: PageFailure.tooManyTries(seconds: 900)) {
            try limiter.take([.network("other"), .account("dora")])
        }
    }

    @Test("a hundred at once are ten")
    func atOnce() async throws {
        let limiter = TryLimiter(limit: 10) { Stand.now }
        let passed = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    do {
                        try await limiter.counting([.account("anna")]) {
                            await Task.yield()
                            throw Self.wrong
                        }
                        return true
                    } catch { return error is ConnectError }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(passed == 10)
    }

    @Test("links that nobody has are counted; the session of whoever is signed in goes on")
    func links() async throws {
        let stand = try await Stand()
        let visitor = Browser(stand)
        let known = try await Browser.signedIn(stand, as: nil)
        for number in 0..<10 { #expect(try await visitor.get("/sign-in/guess\(number)").status == 410) }
        let refused = try await visitor.get("/sign-in/guess")
        #expect(refused.status == 429 && refused.headers[.retryAfter] == "900")
        #expect(try await known.get("/people").status == 200)
        stand.clock.advance(bySeconds: 900)
        #expect(try await visitor.get("/sign-in/guess").status == 410)
    }

    @Test(
        "a network is the peer, or what our own proxies say of it",
        arguments: [
            ("198.51.100.7", nil, "198.51.100.7"), ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
            ("127.0.0.1", "203.0.113.9", "203.0.113.9"), ("127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
            ("127.0.0.1", "203.0.113.9, 127.0.0.1", "203.0.113.9"), ("127.0.0.1", "nonsense", "127.0.0.1"),
            ("2001:db8:1:2:3::4", nil, "2001:db8:1:2::"), ("2001:db8:1:2:ffff::4", nil, "2001:db8:1:2::"),
            ("::ffff:198.51.100.7", nil, "198.51.100.7"),
        ] as [(String, String?, String)])
    func networks(peer: String, forwarded: String?, same: String) throws {
        let networks = NetworkName(trustedProxies: ["127.0.0.1", "::1"])
        var headers = HTTPFields()
        headers[try #require(HTTPField.Name("X-Forwarded-For"))] = forwarded
        #expect(networks.name(peer: peer, headers: headers) == networks.name(peer: same, headers: [:]))
        #expect(networks.name(peer: peer, headers: headers) != networks.name(peer: "192.0.2.1", headers: [:]))
    }
}
