import Foundation
import ProviderKit
import Support
import Synchronization
import Testing

@testable import CalDAV

@Suite("CalDAV listings as servers really give them")
struct SyncQuirkTests {
    /// A sync-collection server with items `names`, whose answer to a token other than "" is `later`.
    private func stub(_ names: [String], later: @escaping @Sendable (String) -> StubDAV.Answer) -> StubDAV {
        StubDAV(
            { request in
                guard let token = StubDAV.syncToken(request) else { return nil }
                guard token.isEmpty else { return later(token) }
                return StubDAV.multistatus(
                    names.map { StubDAV.tagged("/c/\($0).ics", "1") }.joined() + "<D:sync-token>t1</D:sync-token>")
            }, StubDAV.givesItems, StubDAV.lists(names))
    }

    @Test(
        "a refused token is an expired cursor, in every spelling",
        arguments: [
            (403, "<D:valid-sync-token/>"), (409, "<D:valid-sync-token/>"), (412, ""), (409, ""), (410, ""), (418, ""),
            (400, ""), (500, ""),
            (403, ""),
        ])
    func refusedTokens(status: Int, condition: String) async throws {
        let stub = stub(["a", "b"]) { _ in StubDAV.error(status, condition) }
        let provider = try stub.provider()
        let cursor = try await stub.read(provider).cursor
        await #expect(throws: RemoteFailure.cursorExpired) { try await stub.read(provider, since: cursor) }
    }

    @Test("a server that fails with every token is down, not forgetful", arguments: [500, 502])
    func outageIsNoExpiry(status: Int) async throws {
        let isDown = Flag()
        let stub = StubDAV(
            { _ in isDown.value ? StubDAV.error(status) : nil },
            {
                StubDAV.syncToken($0) == nil
                    ? nil : StubDAV.multistatus(StubDAV.tagged("/c/a.ics", "1") + "<D:sync-token>t</D:sync-token>")
            },
            StubDAV.givesItems)
        let provider = try stub.provider()
        let cursor = try await stub.read(provider).cursor
        isDown.value = true
        let failure = await #expect(throws: RemoteFailure.self) { try await stub.read(provider, since: cursor) }
        guard case .unreachable = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("a forgotten token answered with a list of everything still shows what is gone")
    func completeListingForToken() async throws {
        let names = ["a", "b", "c", "d", "e"]
        let left = ["a", "b", "c", "d"]
        let stub = StubDAV(
            { request in
                guard let token = StubDAV.syncToken(request) else { return nil }
                let listed = token.isEmpty ? names : left
                return StubDAV.multistatus(
                    listed.map { StubDAV.tagged("/c/\($0).ics", "1") }.joined() + "<D:sync-token>t2</D:sync-token>")
            }, StubDAV.givesItems, StubDAV.lists(left))
        let provider = try stub.provider()
        let cursor = try await stub.read(provider).cursor
        let pages = try await stub.read(
            provider, since: cursor, known: Dictionary(uniqueKeysWithValues: names.map { ($0, "\"1\"") }))
        #expect(pages.allSatisfy { $0.isComplete })
        #expect(pages.unchangedNames == left)
        #expect(pages.changedNames.isEmpty)
    }

    @Test("an answer cut short with 507 goes on from its token")
    func truncation() async throws {
        let parts = ["": (["a", "b"], "t1"), "t1": (["c", "d"], "t2"), "t2": (["e"], "t3")]
        let stub = StubDAV(
            { request in
                guard let token = StubDAV.syncToken(request), let (names, next) = parts[token] else { return nil }
                let more = next == "t3" ? "" : StubDAV.missing("/c/", status: 507)
                return StubDAV.multistatus(
                    names.map { StubDAV.tagged("/c/\($0).ics", "1") }.joined() + more
                        + "<D:sync-token>\(next)</D:sync-token>")
            }, StubDAV.givesItems)
        let pages = try await stub.read(try stub.provider())
        #expect(pages.changedNames == ["a", "b", "c", "d", "e"])
        #expect(pages.count == 3 && pages.allSatisfy { $0.isComplete })
        #expect(pages.cursor.flatMap { CalDAVCursor($0.value) }?.members == 5)
        #expect(!stub.server.requests.contains { $0.body.contains("limit") })
    }

    @Test(
        "without sync-collection the tag decides, and only a changed one costs a listing",
        arguments: [
            (403, "<D:supported-report/>"), (501, ""), (405, ""), (400, ""), (500, ""),
        ])
    func tagFallback(status: Int, condition: String) async throws {
        let names = Box(["a", "b", "c"])
        let tag = Box("1")
        let stub = StubDAV(
            { StubDAV.syncToken($0) == nil ? nil : StubDAV.error(status, condition) }, StubDAV.givesItems,
            { StubDAV.lists(names.value, tag: tag.value)($0) })
        let provider = try stub.provider()
        let first = try await stub.read(provider)
        #expect(first.changedNames == ["a", "b", "c"] && first.allSatisfy { $0.isComplete })
        let quiet = try await stub.read(provider, since: first.cursor)
        #expect(quiet.count == 1 && !quiet[0].isComplete && quiet[0].changed.isEmpty)
        (names.value, tag.value) = (["a", "c", "d"], "2")
        let second = try await stub.read(
            provider, since: quiet.cursor, known: ["a": "\"1\"", "b": "\"1\"", "c": "\"1\""])
        #expect(
            second.changedNames == ["d"] && second.unchangedNames == ["a", "c"] && second.allSatisfy { $0.isComplete })
    }

    @Test("where even listings are refused, a query lists")
    func queryFallback() async throws {
        let stub = StubDAV(
            { StubDAV.syncToken($0) == nil ? nil : StubDAV.error(403, "<D:supported-report/>") },
            { $0.headers["depth"] == "1" && $0.method == "PROPFIND" ? StubDAV.error(403) : nil },
            { $0.body.contains("calendar-query") ? StubDAV.multistatus(StubDAV.tagged("/c/a.ics", "1")) : nil },
            StubDAV.givesItems, StubDAV.lists([]))
        #expect(try await stub.read(try stub.provider()).changedNames == ["a"])
    }

    @Test("a list that the server cuts short is never taken for all there is", arguments: [true, false])
    func truncatedListing(queryIsWhole: Bool) async throws {
        let cut = StubDAV.tagged("/c/a.ics", "1") + StubDAV.missing("/c/", status: 507)
        let stub = StubDAV(
            { StubDAV.syncToken($0) == nil ? nil : StubDAV.error(403, "<D:supported-report/>") },
            { $0.method == "PROPFIND" && $0.headers["depth"] == "1" ? StubDAV.multistatus(cut) : nil },
            {
                guard $0.body.contains("calendar-query") else { return nil }
                let whole = StubDAV.tagged("/c/a.ics", "1") + StubDAV.tagged("/c/b.ics", "1")
                return StubDAV.multistatus(queryIsWhole ? whole : cut)
            }, StubDAV.givesItems, StubDAV.lists([]))
        if queryIsWhole {
            #expect(try await stub.read(try stub.provider()).changedNames == ["a", "b"])
        } else {
            let failure = await #expect(throws: RemoteFailure.self) { try await stub.read(try stub.provider()) }
            #expect(failure.map { "\($0)" }?.contains("cut its list") == true)
        }
    }

    @Test("a server that ignores Depth, and spells its collection without the slash, still tells its tag")
    func depthIgnored() async throws {
        let stub = StubDAV(
            { StubDAV.syncToken($0) == nil ? nil : StubDAV.error(501) },
            {
                guard $0.method == "PROPFIND" else { return nil }
                let own = StubDAV.member(
                    "/c", "<D:resourcetype><D:collection/></D:resourcetype><CS:getctag>7</CS:getctag>")
                return StubDAV.multistatus(StubDAV.tagged("/c/a.ics", "1") + own)
            }, StubDAV.givesItems)
        let provider = try stub.provider()
        let first = try await stub.read(provider)
        #expect(first.changedNames == ["a"])
        let before = stub.server.requests.count
        #expect(try await stub.read(provider, since: first.cursor).changedNames.isEmpty)
        #expect(stub.server.requests.count == before + 1, "an unchanged tag costs one request")
    }

    @Test(
        "tokens are opaque: they come back as they were given",
        arguments: [
            "http://example.org/ns/sync/1?a=b;c", "data:,1-4-5", "a &amp; b &lt;c&gt;", "\u{E9}\u{1F600}",
            "\"quoted'\"",
            String(repeating: "x", count: 4000),
        ])
    func oddTokens(token: String) async throws {
        let stub = StubDAV(
            {
                guard let sent = StubDAV.syncToken($0) else { return nil }
                let items = sent.isEmpty ? StubDAV.tagged("/c/a.ics", "1") : ""
                return StubDAV.multistatus(items + "<D:sync-token>\n  \(token)\n</D:sync-token>")
            }, StubDAV.givesItems, StubDAV.lists(["a"]))
        let provider = try stub.provider()
        let first = try await stub.read(provider)
        #expect(try await stub.read(provider, since: first.cursor).removedNames.isEmpty)
        #expect(stub.server.requests.compactMap(StubDAV.syncToken) == ["", token])
    }

    @Test("everything is listed once in a while, which finds what the tokens lost")
    func completeListingOnTimer() async throws {
        let stub = StubDAV(
            { request in
                guard let token = StubDAV.syncToken(request) else { return nil }
                let items = token.isEmpty ? ["a", "b"].map { StubDAV.tagged("/c/\($0).ics", "1") }.joined() : ""
                return StubDAV.multistatus(items + "<D:sync-token>t</D:sync-token>")
            }, StubDAV.givesItems, StubDAV.lists(["a"]))
        let cursor = try await stub.read(try stub.provider(now: 1_000_000)).cursor
        let known = ["a": "\"1\"", "b": "\"1\""]
        let soon = try await stub.read(try stub.provider(now: 1_000_000 + 86_399), since: cursor, known: known)
        #expect(soon.allSatisfy { !$0.isComplete } && soon.unchangedNames.isEmpty)
        let later = try await stub.read(try stub.provider(now: 1_000_000 + 86_400), since: soon.cursor, known: known)
        #expect(later.allSatisfy { $0.isComplete } && later.unchangedNames == ["a"])
        let after = try await stub.read(try stub.provider(now: 1_000_000 + 86_401), since: later.cursor, known: known)
        #expect(after.allSatisfy { !$0.isComplete })
    }

    @Test("a page left half-way goes on in a process that knows nothing of it", arguments: [true, false])
    func resumes(isSameProcess: Bool) async throws {
        let names = (10..<40).map { "n\($0)" }
        let stub = stub(names) { _ in StubDAV.multistatus("<D:sync-token>t2</D:sync-token>") }
        var limits = CalDAVLimits()
        (limits.multiget, limits.fetchedPerPage) = (5, 10)
        let provider = try stub.provider(limits: limits)
        var (cursor, found): (SyncCursor?, [String]) = (nil, [])
        for _ in 0..<10 {
            let reader = isSameProcess ? provider : try stub.provider(limits: limits)
            let page = try await reader.changes(in: stub.calendar, since: cursor) { _ in [:] }
            found += [page].changedNames
            #expect(page.isComplete && page.changed.count <= 10)
            guard case .more(let next) = page.next else { break }
            #expect(next.value.utf8.count < 300)
            cursor = next
        }
        #expect(found == names)
        let listings = stub.server.requests.count { StubDAV.syncToken($0) != nil }
        #expect(listings == (isSameProcess ? 1 : 3))
    }

    @Test("one spelling for one item, and nothing from outside the calendar")
    func hrefs() async throws {
        let stub = StubDAV(
            { request in
                guard StubDAV.syncToken(request) != nil else { return nil }
                let port = request.headers["host"] ?? ""
                let hrefs = [
                    "/c/", "/c", "/c/a%40b.ics", "/c/a@b.ics", "http://\(port)/c/a%40b.ics", "/c/x y.ics",
                    "/c/x%20y.ics", "/other/z.ics",
                    "http://inner.example:8008/c/q.ics", "/c/sub/", "/c/sub/r.ics", "/c/../up.ics", "http://[bad/",
                ]
                return StubDAV.multistatus(
                    hrefs.map { StubDAV.tagged($0, "1") }.joined() + "<D:sync-token>t</D:sync-token>")
            }, StubDAV.givesItems)
        let pages = try await stub.read(try stub.provider())
        #expect(
            pages.flatMap(\.changed).map(\.id.value)
                == ["/c/a%40b.ics", "/c/q.ics", "/c/x%20y.ics"].map { stub.server.url + $0 })
    }

    @Test("weak and strong tags are one version")
    func weakTags() async throws {
        let stub = StubDAV(
            { request in
                guard StubDAV.syncToken(request) != nil else { return nil }
                let members =
                    StubDAV.member("/c/a.ics", "<D:getetag>W/\"1\"</D:getetag>") + StubDAV.tagged("/c/b.ics", "1")
                return StubDAV.multistatus(members + "<D:sync-token>t</D:sync-token>")
            }, StubDAV.givesItems)
        let pages = try await stub.read(try stub.provider(), known: ["a": "\"1\"", "b": "\"1\""])
        #expect(pages.unchangedNames == ["a", "b"] && pages.changedNames.isEmpty)
    }

    @Test(
        "damaged answers are a failed read, never a short list",
        arguments: [
            "<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/c/a.ics</D:href>",
            "<html><body>Sign in</body></html>", "",
            "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><D:multistatus xmlns:D=\"DAV:\">&a;</D:multistatus>",
        ])
    func damagedAnswers(body: String) async throws {
        let stub = StubDAV({ _ in .text(207, body) })
        let failure = await #expect(throws: RemoteFailure.self) { try await stub.read(try stub.provider()) }
        guard case .unreachable = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test(
        "what a status means to the sync machine",
        arguments: [
            (401, "authorizationLost"), (403, "refused"), (404, "gone"), (429, "throttled"), (503, "throttled"),
            (500, "unreachable"), (502, "unreachable"),
        ])
    func statuses(status: Int, expected: String) async throws {
        let stub = StubDAV({ _ in .text(status, "<html>", headers: status == 429 ? [("Retry-After", "17")] : []) })
        let failure = await #expect(throws: RemoteFailure.self) { try await stub.read(try stub.provider()) }
        #expect(String(describing: failure).contains(expected))
        if status == 429 { #expect(failure == .throttled(retryAfter: .seconds(17))) }
    }

    @Test("an item that is none of ours says so without being fetched")
    func tasks() async throws {
        let stub = StubDAV(
            { StubDAV.syncToken($0) == nil ? nil : StubDAV.error(403, "<D:supported-report/>") },
            { request in
                guard request.method == "PROPFIND", request.headers["depth"] == "1" else { return nil }
                let types = [
                    ("a", "text/calendar; component=VEVENT"), ("b", "text/calendar;component=vtodo"),
                    ("c.html", "text/html"), ("d", "text/plain"),
                ]
                return StubDAV.multistatus(
                    StubDAV.member("/c/", "")
                        + types.map {
                            StubDAV.member(
                                "/c/\($0.0)" + ($0.0.contains(".") ? "" : ".ics"),
                                "<D:getetag>\"1\"</D:getetag><D:getcontenttype>\($0.1)</D:getcontenttype>")
                        }.joined())
            }, StubDAV.givesItems, StubDAV.lists([]))
        let items = try await stub.read(try stub.provider()).flatMap(\.changed)
        #expect(items.map(\.content).contains(.irrelevant) && items.count == 3)
        #expect(!stub.server.requests.contains { $0.method == "GET" && $0.path == "/c/b.ics" })
    }
}

final class Box<Value: Sendable>: Sendable {
    private let held: Mutex<Value>
    init(_ value: Value) { held = Mutex(value) }
    var value: Value {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

final class Flag: Sendable {
    private let held = Mutex(false)
    var value: Bool {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
