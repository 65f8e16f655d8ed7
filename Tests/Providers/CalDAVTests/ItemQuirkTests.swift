import ProviderKit
import Support
import Testing

@testable import CalDAV

@Suite("CalDAV items as servers really take and give them")
struct ItemQuirkTests {
    private static func lists(_ names: [String]) -> StubDAV.Rule {
        { request in
            guard StubDAV.syncToken(request) != nil else { return nil }
            return StubDAV.multistatus(
                names.map { StubDAV.tagged("/c/\($0).ics", "1") }.joined() + "<D:sync-token>t</D:sync-token>")
        }
    }

    // MARK: - Reading

    @Test("a multiget that fails as a whole is asked again one by one", arguments: [404, 400, 500, 501, 403])
    func multigetFails(status: Int) async throws {
        let stub = StubDAV(
            Self.lists(["a", "b", "gone"]), { $0.body.contains("calendar-multiget") ? StubDAV.error(status) : nil },
            { $0.path == "/c/gone.ics" ? .text(404, "") : nil }, StubDAV.givesItems)
        let pages = try await stub.read(try stub.provider())
        #expect(pages.changedNames == ["a", "b"])
        #expect(pages.flatMap(\.changed).map(\.version) == ["\"g\"", "\"g\""])
    }

    @Test("an item gone since it was listed is left out of a first read and removed by a later one")
    func goneMeanwhile() async throws {
        let stub = StubDAV(
            Self.lists(["a", "b"]),
            {
                $0.body.contains("calendar-multiget")
                    ? StubDAV.multistatus(
                        StubDAV.missing("/c/a.ics")
                            + StubDAV.member(
                                "/c/b.ics",
                                "<D:getetag>\"2\"</D:getetag><C:calendar-data><![CDATA[\(StubDAV.event("b"))]]></C:calendar-data>"
                            )) : nil
            },
            { $0.method == "GET" ? .text(404, "") : nil })
        let first = try await stub.read(try stub.provider())
        #expect(first.changedNames == ["b"] && first.removedNames.isEmpty)
        #expect(first.flatMap(\.changed).first?.version == "\"2\"")
        var cursor = CalDAVCursor(position: .token("t0"))
        (cursor.members, cursor.listedAt) = (100, 1_000_000)
        let later = try await stub.read(try stub.provider(), since: SyncCursor(cursor.text))
        #expect(later.changedNames == ["b"] && later.removedNames == ["a"])
    }

    @Test("a tag that starts again from the beginning hides no change")
    func repeatingTags() async throws {
        let stub = StubDAV(
            { request in
                guard StubDAV.syncToken(request) != nil else { return nil }
                return StubDAV.multistatus(
                    StubDAV.tagged("/c/a.ics", "gcs00000000") + StubDAV.tagged("/c/b.ics", "1")
                        + "<D:sync-token>t</D:sync-token>")
            }, StubDAV.givesItems)
        var cursor = CalDAVCursor(position: .token("t0"))
        (cursor.members, cursor.listedAt) = (100, 1_000_000)
        let pages = try await stub.read(
            try stub.provider(), since: SyncCursor(cursor.text), known: ["a": "\"gcs00000000\"", "b": "\"1\""])
        #expect(pages.changedNames == ["a"] && pages.unchangedNames == ["b"])
    }

    @Test("one item that the server chokes on is set aside with its reason", arguments: [500, 403, 400])
    func oneBadItem(status: Int) async throws {
        let stub = StubDAV(
            Self.lists(["a", "bad", "c"]), { $0.body.contains("calendar-multiget") ? StubDAV.error(500) : nil },
            { $0.path == "/c/bad.ics" ? .text(status, "") : nil }, StubDAV.givesItems)
        let items = try await stub.read(try stub.provider()).flatMap(\.changed)
        #expect(items.count == 3)
        guard case .unreadable(let reason) = items[1].content else {
            Issue.record("not set aside")
            return
        }
        #expect(reason.contains("\(status)") && items[1].version == nil)
    }

    @Test("a server that fails in the middle fails the read", arguments: [401, 503, 429])
    func failsInTheMiddle(status: Int) async throws {
        let stub = StubDAV(Self.lists(["a", "b"]), { _ in .text(status, "") })
        await #expect(throws: RemoteFailure.self) { try await stub.read(try stub.provider()) }
    }

    @Test("carriage returns survive as characters of the data")
    func carriageReturns() async throws {
        let text = StubDAV.event("a").replacing("\n", with: "&#13;\n")
        let stub = StubDAV(
            Self.lists(["a", "b"]),
            {
                $0.body.contains("calendar-multiget")
                    ? StubDAV.multistatus(
                        ["a", "b"].map {
                            StubDAV.member(
                                "/c/\($0).ics", "<D:getetag>1</D:getetag><C:calendar-data>\(text)</C:calendar-data>")
                        }.joined()) : nil
            })
        let items = try await stub.read(try stub.provider()).flatMap(\.changed)
        guard case .events(_, let received) = items[0].content else {
            Issue.record("unreadable")
            return
        }
        #expect(received.contains("VERSION:2.0\r\n") && items[0].version == "1")
    }

    // MARK: - Writing

    private func put(
        _ answer: StubDAV.Answer, if precondition: WritePrecondition = .version("\"1\""), exists: Bool = false
    ) async throws -> (WriteReceipt, StubDAV) {
        let stub = StubDAV(
            { $0.method == "PUT" || $0.method == "DELETE" ? answer : nil },
            {
                $0.method == "PROPFIND" && ($0.path == "/c/" || exists)
                    ? StubDAV.multistatus(StubDAV.tagged($0.path, "1")) : nil
            })
        let receipt = try await stub.provider().put(
            StubDAV.event("a"), at: stub.id("a.ics"), in: stub.calendar, if: precondition)
        return (receipt, stub)
    }

    @Test(
        "success is 200, 201 or 204; the version is the tag, weak or strong, or nothing",
        arguments: [
            (200, "\"2\"", "\"2\""), (201, "W/\"2\"", "\"2\""), (204, nil, nil),
        ] as [(Int, String?, String?)])
    func successes(status: Int, tag: String?, version: String?) async throws {
        let (receipt, stub) = try await put(.answer(status, headers: tag.map { [("ETag", $0)] } ?? []))
        #expect(receipt == WriteReceipt(id: stub.id("a.ics"), version: version))
        let sent = try #require(stub.server.requests.last)
        #expect(sent.headers["if-match"] == "\"1\"" && sent.headers["if-none-match"] == nil)
        #expect(sent.headers["content-type"] == "text/calendar; charset=utf-8")
        #expect(sent.body.contains("VERSION:2.0\r\n"))
    }

    @Test(
        "what a refused write means",
        arguments: [
            (412, "", RemoteFailure.conflict), (409, "", .conflict),
            (
                409, "<C:no-uid-conflict/>",
                .refused(status: 409, reason: "The account has an event with the same UID under another name.")
            ),
            (
                412, "<C:no-uid-conflict/>",
                .refused(status: 412, reason: "The account has an event with the same UID under another name.")
            ),
            (
                403, "<C:unique-scheduling-object-resource/>",
                .refused(status: 403, reason: "The account has an event with the same UID under another name.")
            ),
            (412, "<C:valid-calendar-data/>", .refused(status: 412, reason: "The server could not read the event.")),
            (
                403, "<C:supported-calendar-component/>",
                .refused(status: 403, reason: "This calendar does not take events.")
            ),
            (403, "", .refused(status: 403, reason: "The server does not allow this.")),
            (
                403, "<D:need-privileges/>",
                .refused(status: 403, reason: "You may read this calendar but not change it.")
            ),
            (423, "", .unreachable(reason: "The event is locked by another program.")),
            (507, "", .refused(status: 507, reason: "The account's storage is full.")),
            (507, "<D:quota-not-exceeded/>", .refused(status: 507, reason: "The account's storage is full.")),
            (413, "", .refused(status: 413, reason: "The event is larger than the server accepts.")),
            (404, "", .refused(status: 400, reason: "The server could not read the event.")),
            (503, "", .throttled(retryAfter: nil)),
            (502, "", .unreachable(reason: "The server reported an error of its own (502).")),
        ])
    func refusals(status: Int, condition: String, expected: RemoteFailure) async throws {
        await #expect(throws: expected) { try await put(StubDAV.error(status, condition)) }
    }

    @Test("a 207 that holds a refusal is a refusal")
    func refusalInsideSuccess() async throws {
        func answer(_ condition: String) -> StubDAV.Answer {
            StubDAV.multistatus(
                "<D:response><D:href>http%3A//x/c/a.ics</D:href><D:status>HTTP/1.1 412 Precondition Failed</D:status><D:error>\(condition)</D:error></D:response>"
            )
        }
        await #expect(throws: RemoteFailure.conflict) { try await put(answer("")) }
        let failure = await #expect(throws: RemoteFailure.self) { try await put(answer("<C:no-uid-conflict/>")) }
        guard case .refused(412, _) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("a 207 that holds a success is a success")
    func successInsideSuccess() async throws {
        let stub = StubDAV({
            $0.method == "DELETE" ? StubDAV.multistatus(StubDAV.missing("/c/a.ics", status: 204)) : nil
        })
        try await stub.provider().delete(stub.id("a.ics"), in: stub.calendar, ifVersion: nil)
    }

    @Test("where a server kept an event elsewhere, its own word for the place counts, whatever host it writes")
    func movedByTheServer() async throws {
        let (receipt, stub) = try await put(
            .answer(201, headers: [("Location", "http://inner.example/c/renamed.ics")]), if: .none)
        #expect(receipt == WriteReceipt(id: stub.id("renamed.ics"), version: nil))
        let (outside, other) = try await put(.answer(201, headers: [("Location", "/elsewhere/a.ics")]), if: .none)
        #expect(outside.id == other.id("a.ics"))
    }

    @Test("CDATA, entities and numbered characters are one text")
    func spellingsOfData() async throws {
        let text = StubDAV.event("a")
        let spellings = [
            "<![CDATA[\(text)]]>", text.replacing("BEGIN", with: "&#66;EGIN"),
            "<![CDATA[\(text.prefix(20))]]>" + text.dropFirst(20),
        ]
        let names = ["a", "b", "c"]
        let stub = StubDAV(
            Self.lists(names),
            {
                guard $0.body.contains("calendar-multiget") else { return nil }
                return StubDAV.multistatus(
                    zip(names, spellings).map {
                        StubDAV.member(
                            "/c/\($0).ics", "<D:getetag>\"1\"</D:getetag><C:calendar-data>\($1)</C:calendar-data>")
                    }.joined())
            })
        let texts = try await stub.read(try stub.provider()).flatMap(\.changed).map {
            if case .events(_, let received) = $0.content { received } else { "unreadable" }
        }
        #expect(texts == [text, text, text])
    }

    @Test("a creation looks first, for servers that overwrite in spite of If-None-Match")
    func creationLooksFirst() async throws {
        await #expect(throws: RemoteFailure.conflict) { try await put(.answer(204), if: .absent, exists: true) }
        let (_, stub) = try await put(.answer(201), if: .absent)
        #expect(stub.server.requests.last?.headers["if-none-match"] == "*")
    }

    @Test(
        "deleting what is gone is success, and a changed one a conflict",
        arguments: [(200, nil), (202, nil), (204, nil), (404, nil), (410, nil), (412, RemoteFailure.conflict)])
    func deletion(status: Int, expected: RemoteFailure?) async throws {
        let stub = StubDAV({ $0.method == "DELETE" ? .text(status, "") : nil })
        let provider = try stub.provider()
        if let expected {
            await #expect(throws: expected) {
                try await provider.delete(stub.id("a.ics"), in: stub.calendar, ifVersion: "\"1\"")
            }
        } else {
            try await provider.delete(stub.id("a.ics"), in: stub.calendar, ifVersion: "\"1\"")
        }
        #expect(stub.server.requests.last?.headers["if-match"] == "\"1\"")
    }

    @Test("a calendar on a site that was never confirmed is not asked")
    func foreignCalendar() async throws {
        let stub = StubDAV()
        let other = StubDAV()
        await #expect(throws: RemoteFailure.self) {
            try await stub.provider().changes(in: other.calendar, since: nil) { _ in [:] }
        }
        await #expect(throws: RemoteFailure.self) {
            try await stub.provider().item(other.id("a.ics"), in: stub.calendar)
        }
        #expect(other.server.connections == 0)
    }

    @Test(
        "names made of UIDs are plain, distinct and the same every time",
        arguments: [
            ("abc-1.2_X", "abc-1.2_X.ics"), ("a@b", nil), ("a/b", nil), ("../up", nil), ("", nil), (".hidden", nil),
            ("é", nil),
        ] as [(String, String?)])
    func names(uid: String, expected: String?) {
        let name = ItemNames.name(forUID: uid)
        if let expected { #expect(name == expected) }
        #expect(name == ItemNames.name(forUID: uid))
        #expect(
            name.utf8.allSatisfy { $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "%") }
                && !name.hasPrefix("."))
        #expect(ItemNames.name(forUID: "a@b") != ItemNames.name(forUID: "a/b"))
    }

    @Test(
        "cursors survive their text, whatever is in them",
        arguments: [
            CalDAVCursor.Position.start, .token("http://example.org/&=%?t\n\u{1F600}"), .token(""), .tag(nil),
            .tag("g"), .tag(""),
        ])
    func cursors(position: CalDAVCursor.Position) {
        var cursor = CalDAVCursor(position: position)
        (cursor.members, cursor.listedAt, cursor.isCompleting) = (7, 1_790_000_000, true)
        #expect(CalDAVCursor(cursor.text) == cursor)
        cursor.rest = .init(base: position, after: "https://x/a&b=%26.ics", isComplete: true, isTruncated: false)
        #expect(CalDAVCursor(cursor.text) == cursor)
        for text in ["", "v1", "v2&-&n=0&l=0&c=0", "v1&-&n=-1&l=0&c=0", "v1&x&n=0&l=0&c=0", cursor.text + "&"] {
            #expect(CalDAVCursor(text) == nil, "\(text)")
        }
    }
}
