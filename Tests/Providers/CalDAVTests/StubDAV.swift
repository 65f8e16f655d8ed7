import CalDAV
import CivilTime
import Foundation
import GuardedHTTP
import ProviderKit
import Support

/// A CalDAV server made of a few rules, to show quirks that the servers at hand do not have. Unruled requests get 404.
final class StubDAV: Sendable {
    typealias Request = LoopbackServer.Request
    typealias Answer = LoopbackServer.Answer
    typealias Rule = @Sendable (Request) -> Answer?

    let server: LoopbackServer

    /// The first rule that answers a request decides.
    init(_ rules: Rule...) {
        server = LoopbackServer { request in rules.lazy.compactMap { $0(request) }.first ?? .text(404, "nothing here") }
    }

    deinit { server.stop() }

    var calendar: RemoteCalendarID { RemoteCalendarID(server.url + "/c/") }
    func id(_ name: String) -> RemoteItemID { RemoteItemID(server.url + "/c/" + name) }

    func provider(
        server text: String? = nil, service: CalDAVService = .generic, confirmed: [Origin] = [],
        limits: CalDAVLimits = CalDAVLimits(),
        now: Int64 = 1_000_000
    ) throws -> CalDAVProvider {
        let account = try CalDAVAccount(
            service: service, server: text ?? server.url + "/c/", user: "anna", password: Secret("pw"),
            confirmedSites: confirmed)
        return CalDAVProvider(
            account: account, client: GuardedClient(policy: .development), reader: ItemReader(zones: .system),
            limits: limits,
            now: { Instant(seconds: now) })
    }

    // MARK: - Answers

    static func multistatus(_ inside: String) -> Answer {
        .text(
            207,
            """
            <?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" \
            xmlns:CS="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/">\(inside)</D:multistatus>
            """, type: "application/xml")
    }

    static func member(_ href: String, _ properties: String) -> String {
        "<D:response><D:href>\(href)</D:href><D:propstat><D:prop>\(properties)</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
    }

    static func missing(_ href: String, status: Int = 404) -> String {
        "<D:response><D:href>\(href)</D:href><D:status>HTTP/1.1 \(status) X</D:status></D:response>"
    }

    static func tagged(_ href: String, _ tag: String) -> String { member(href, "<D:getetag>\"\(tag)\"</D:getetag>") }

    static func event(_ name: String) -> String {
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:\(name)\nDTSTART:20260101T100000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    }

    static func error(_ status: Int, _ condition: String = "") -> Answer {
        .text(
            status, "<D:error xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\(condition)</D:error>",
            type: "application/xml")
    }

    // MARK: - Rules

    /// The token inside a sync-collection request; nil for other requests.
    static func syncToken(_ request: Request) -> String? {
        guard request.method == "REPORT", request.body.contains("sync-collection"),
            let start = request.body.range(of: "<D:sync-token>"), let end = request.body.range(of: "</D:sync-token>")
        else { return nil }
        return String(request.body[start.upperBound..<end.lowerBound])
    }

    /// Answers multigets and GETs for every name that is asked.
    static let givesItems: Rule = { request in
        if request.method == "GET" {
            return .text(200, event(name(request.path)), type: "text/calendar", headers: [("ETag", "\"g\"")])
        }
        guard request.method == "REPORT", request.body.contains("calendar-multiget") else { return nil }
        let hrefs = request.body.components(separatedBy: "<D:href>").dropFirst().compactMap {
            $0.components(separatedBy: "</D:href>").first
        }
        return multistatus(
            hrefs.map {
                member($0, "<D:getetag>\"1\"</D:getetag><C:calendar-data>\(event(name($0)))</C:calendar-data>")
            }.joined())
    }

    static func name(_ path: String) -> String {
        String(path.split(separator: "/").last ?? "").replacingOccurrences(of: ".ics", with: "")
    }

    /// Lists these names, tagged "1", at Depth 1, and `tag` as the collection's own.
    static func lists(_ names: [String], tag: String? = nil) -> Rule {
        { request in
            guard request.method == "PROPFIND", request.path == "/c/" else { return nil }
            let own = member(
                "/c/",
                "<D:resourcetype><D:collection/></D:resourcetype>"
                    + (tag.map { "<CS:getctag>\($0)</CS:getctag>" } ?? ""))
            return multistatus(
                own + (request.headers["depth"] == "1" ? names.map { tagged("/c/\($0).ics", "1") }.joined() : ""))
        }
    }

    /// Reads to the end as a caller would; gives the pages.
    func read(
        _ provider: CalDAVProvider, since cursor: SyncCursor? = nil, known: [String: String] = [:]
    ) async throws(RemoteFailure) -> [ChangePage] {
        var pages: [ChangePage] = []
        var cursor = cursor
        let held = Dictionary(uniqueKeysWithValues: known.map { (id($0.key + ".ics"), $0.value) })
        while true {
            let page = try await provider.changes(in: calendar, since: cursor) { ids in
                held.filter { ids.contains($0.key) }
            }
            pages.append(page)
            guard case .more(let next) = page.next else { return pages }
            cursor = next
        }
    }
}

extension [ChangePage] {
    var cursor: SyncCursor? { if case .done(let cursor, _)? = last?.next { cursor } else { nil } }
    var changedNames: [String] { flatMap(\.changed).map { StubDAV.name($0.id.value) } }
    var unchangedNames: [String] { flatMap(\.unchanged).map { StubDAV.name($0.value) } }
    var removedNames: [String] { flatMap(\.removed).map { StubDAV.name($0.value) } }
}
