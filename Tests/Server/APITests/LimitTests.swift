import Accounts
import HTTPTypes
import Support
import Testing

@testable import API
@testable import App

@Suite("How many requests an application may make")
struct LimitTests {
    @Test("fifty at once, then fifty a second, and never more than five hundred in a minute")
    func buckets() {
        var allowance = RequestAllowance(.standard, at: 0)
        func allowed(_ tries: Int, at now: Int64) -> Int {
            (0..<tries).count { _ in allowance.take(at: now).isAllowed }
        }
        #expect(allowed(60, at: 0) == 50)
        #expect(allowed(60, at: 100) == 5)
        #expect(allowed(60, at: 1_100) == 50)
        // The minute's bucket is what ends a steady stream.
        #expect((2...30).reduce(0) { $0 + allowed(100, at: Int64($1) * 1_000 + 100) } < 660)
        #expect(allowed(1000, at: 200_000) == 50)
    }

    @Test("a refusal says when to come back, and coming back then works")
    func retryAfter() {
        var allowance = RequestAllowance(RequestRate(perSecond: 0, perMinute: 2), at: 0)
        #expect(allowance.take(at: 0).remaining == 1)
        #expect(allowance.take(at: 0).remaining == 0)
        let refused = allowance.take(at: 10)
        #expect(!refused.isAllowed && refused.retryAfter == 30 && refused.limit == 2)
        #expect(!allowance.take(at: 29_000).isAllowed)
        let later = allowance.take(at: 10 + Int64(refused.retryAfter) * 1000)
        #expect(later.isAllowed && later.retryAfter == 0)
    }

    @Test("a clock that stands or jumps back gives nothing away")
    func clock() {
        var allowance = RequestAllowance(RequestRate(perSecond: 1, perMinute: 0), at: 10_000)
        #expect(allowance.take(at: 10_000).isAllowed == true)
        #expect(allowance.take(at: 0).isAllowed == false)
        #expect(allowance.take(at: .max).isAllowed == true)
    }

    @Test("beyond the limit the answer is 429 with Retry-After; other applications are not touched")
    func overHTTP() async throws {
        let world = try await NotifyWorld(rate: .standard)
        var first: LiveServer.Reply?
        var refused: LiveServer.Reply?
        for _ in 0..<80 {
            let reply = try await world.server.send(.get, "/v1/account", bearer: world.token)
            first = first ?? reply
            if reply.status == 429 {
                refused = reply
                break
            }
        }
        let limit = try #require(HTTPField.Name("RateLimit-Limit"))
        #expect(first?.headers[limit] == "50")
        let answer = try #require(refused)
        #expect(answer.error == "rate_limited")
        #expect(answer.headers[.retryAfter] == "1")
        #expect(try await world.server.send(.get, "/v1/account", bearer: world.writerToken).status == 200)
        await world.close()
    }
}
