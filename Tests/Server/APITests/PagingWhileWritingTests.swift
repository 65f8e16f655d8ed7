import Accounts
import CivilTime
import CronofyWire
import Foundation
import HTTPTypes
import ICalendar
import ProviderKit
import StorageKit
import Support
import Sync
import Testing

@testable import App

/// 50 000 events and 5 000 changes where the long proofs run, a tenth otherwise.
private let scale = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 1 : 10

@Suite("Paging while events change", .serialized)
struct PagingWhileWritingTests {
    @Test("neither skips nor repeats an event that did not change", arguments: TestDatabase.kinds)
    func stays(kind: TestDatabase.Kind) async throws {
        let world = try await PagedWorld(kind, events: 5_000 * scale)
        do {
            var seen: [String: Int] = [:]
            var path: String? = "/v1/events?tzid=Etc/UTC"
            var number = 0
            while let next = path {
                let page = try await world.page(next)
                number += 1
                for summary in page.summaries { seen[summary, default: 0] += 1 }
                #expect(page.current == number)
                #expect(page.next == nil ? page.total == number : page.total > number)
                path = page.next
                try await world.change(10)
            }
            #expect(world.changed.count >= 400 * scale)
            let wrong = world.unchanged.filter { seen[$0] != 1 }
            #expect(wrong.isEmpty, "\(wrong.count) of \(world.unchanged.count): \(wrong.prefix(5))")
            print(
                "\(kind): \(number) pages over \(world.count) events, \(world.changed.count) changed, "
                    + "\(world.unchanged.count) others each seen once")
            try await world.close()
        } catch {
            try await world.close()
            throw error
        }
    }

    /// The control: pages counted off by their number do skip or repeat under the same changes.
    @Test("pages counted by offset would skip or repeat", arguments: TestDatabase.kinds)
    func control(kind: TestDatabase.Kind) async throws {
        let world = try await PagedWorld(kind, events: 2_000)
        var seen: [String: Int] = [:]
        var offset = 0
        while true {
            let page = try await world.offsetPage(offset)
            if page.isEmpty { break }
            for summary in page { seen[summary, default: 0] += 1 }
            offset += page.count
            try await world.change(10)
        }
        #expect(world.unchanged.contains { seen[$0] != 1 })
        try await world.close()
    }
}

/// One account with many events of no application's, and a stream of changes as a sync brings them.
private final class PagedWorld {
    let server: LiveServer
    let count: Int
    private(set) var changed: Set<Int> = []
    private let account: AccountID
    private let token: String
    private let calendar: CalendarNumber
    private var random: UInt64 = 0x9e37_79b9_7f4a_7c15

    var unchanged: [String] { (0..<count).filter { !changed.contains($0) }.map { "event \($0)" } }

    init(_ kind: TestDatabase.Kind, events: Int) async throws {
        server = try await LiveServer(kind)
        count = events
        let platform = server.platform
        let (application, _) = try await platform.accounts.createApplication(name: "Reader", redirectURIs: [])
        let tokens = try await platform.accounts.createAccount(
            client: application.id, email: "maya@example.com", name: "Maya", zone: .utc, scope: .all)
        (account, token) = (tokens.account, tokens.accessToken.reveal())
        let id = tokens.account
        try await platform.database.write { session in
            try platform.connector.makeOwnCalendar(of: id, named: "Work", in: session)
        }
        let found = try await platform.profiles.calendars(of: account)
        calendar = try #require(found.first).number
        for first in stride(from: 0, to: events, by: 1_000) {
            let numbers = Array(first..<min(first + 1_000, events))
            try await apply(numbers.map { item($0, shift: 0) }, removed: [])
        }
    }

    func close() async throws { await server.close() }

    /// Moves events forward and back, renames and deletes them, and adds new ones.
    func change(_ number: Int) async throws {
        var (items, removed): ([RemoteItem], [RemoteItemID]) = ([], [])
        for _ in 0..<number {
            let event = Int(next() % UInt64(count))
            changed.insert(event)
            switch next() % 4 {
            case 0: removed.append(id(event))
            case 1: items.append(item(event, shift: Int64(next() % 86_400) * 300))
            case 2: items.append(item(event, shift: -Int64(next() % 86_400) * 30))
            default:
                items.append(item(event, shift: 0, suffix: " again"))
                items.append(item(count + Int(next() % 1_000_000), shift: Int64(next() % 86_400) * 300, suffix: " new"))
            }
        }
        try await apply(items, removed: removed)
    }

    struct Page {
        let summaries: [String]
        let current, total: Int
        let next: String?
    }

    func page(_ path: String) async throws -> Page {
        var reply = try await server.send(.get, path, bearer: token)
        while reply.status == 429 {
            try await Task.sleep(for: .seconds(1))
            reply = try await server.send(.get, path, bearer: token)
        }
        #expect(reply.status == 200)
        let json = try reply.json
        guard case .array(let events)? = json["events"], case .integer(let current)? = json["pages"]?["current"],
            case .integer(let total)? = json["pages"]?["total"]
        else { throw StorageError.refused(message: reply.text) }
        let summaries = events.compactMap { event -> String? in
            if case .string(let text)? = event["summary"] { text } else { nil }
        }
        var next: String?
        if case .string(let url)? = json["pages"]?["next_page"] { next = String(url.dropFirst(LiveServer.base.count)) }
        return Page(summaries: summaries, current: Int(current), total: Int(total), next: next)
    }

    func offsetPage(_ offset: Int) async throws -> [String] {
        let account = account
        return try await server.platform.database.read { session in
            try session.all(
                """
                SELECT c.summary FROM occurrences o
                JOIN components c ON c.account_id = o.account_id AND c.item = o.item AND c.component = o.component
                WHERE o.account_id = ? AND o.deleted = 0 ORDER BY o.start_at, o.item, o.recurrence LIMIT 100 OFFSET ?
                """, [.text(account.value), .integer(Int64(offset))]
            ) { try $0.text(0) }
        }
    }

    /// As a page of a sync is applied.
    private func apply(_ items: [RemoteItem], removed: [RemoteItemID]) async throws {
        let (account, calendar, now) = (account, calendar, server.platform.accounts.now())
        let preparer = try ItemPreparer(zoneNames: ["Etc/UTC"], owner: [], zones: .system, now: now)
        var page = ChangePage(changed: items, isComplete: false, next: .done(SyncCursor("x"), pollAfter: nil))
        page.removed = removed
        let prepared = preparer.prepare(page)
        try await server.platform.database.write { session in
            _ = try PageApplier(account: account, calendar: calendar, generation: 1, now: now, session: session)
                .apply(prepared, sweep: false)
            try AccountStore.touch(account, in: session)
        }
    }

    private func id(_ number: Int) -> RemoteItemID { RemoteItemID("item-\(number)") }

    /// Many share a start, so that the order within one start matters.
    private func item(_ number: Int, shift: Int64, suffix: String = "") -> RemoteItem {
        let day = server.platform.accounts.now().seconds / 86_400 * 86_400
        let start = Instant(seconds: day + 86_400 * 5 + Int64(number / 7) * 600 + shift)
        var event = CalendarEvent(
            uid: "uid-\(number)", start: .utc(start), end: .utc(Instant(seconds: start.seconds + 600)))
        event.summary = "event \(number)" + suffix
        return RemoteItem(
            id: id(number), version: nil,
            content: .events(EventSeries(uid: event.uid, master: event), text: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    }

    /// SplitMix64.
    private func next() -> UInt64 {
        random &+= 0x9e37_79b9_7f4a_7c15
        var value = random
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
