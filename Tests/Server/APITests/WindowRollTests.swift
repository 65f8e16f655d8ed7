import Accounts
import CivilTime
import Foundation
import Jobs
import StorageKit
import Support
import Testing

@testable import App
@testable import Sync

/// Days pass, and the window of kept occurrences passes with them.
@Suite("The window moves on")
struct WindowRollTests {
    private static let day: Int64 = 86_400

    private struct Row: Hashable {
        let item, start, changedAt: Int64
    }

    private static func rows(_ server: LiveServer, _ account: AccountID) async throws -> [Row] {
        try await server.platform.database.read { session in
            try session.all(
                "SELECT item, start_at, changed_at FROM occurrences WHERE account_id = ? AND deleted = 0",
                [.text(account.value)]
            ) { Row(item: try $0.integer(0), start: try $0.integer(1), changedAt: try $0.integer(2)) }
        }
    }

    /// A day's text, `days` from `today`.
    private static func text(_ today: Int64, _ days: Int64) throws -> String {
        let date = try #require(CivilDate(dayNumber: Int32(today + days)))
        return String(format: "%04d%02d%02d", date.year, date.month, date.day)
    }

    @Test(
        "what comes in is there once, what leaves is forgotten, what does not repeat stays, and nothing counts as changed",
        arguments: TestDatabase.kinds)
    func rolls(kind: TestDatabase.Kind) async throws {
        let server = try await LiveServer(kind)
        let platform = server.platform
        let (application, _) = try await platform.accounts.createApplication(name: "Trips", redirectURIs: [])
        let account = try await platform.accounts.createAccount(
            client: application.id, email: "maya@example.com", name: "Maya", zone: .utc, scope: .all
        ).account
        let today = platform.accounts.now().seconds / Self.day
        let file = """
            BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r
            BEGIN:VEVENT\r\nUID:daily\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:\(try Self.text(today, -100))T120000Z\r
            DURATION:PT1H\r\nRRULE:FREQ=DAILY\r\nEXDATE:\(try Self.text(today, 740))T120000Z\r\nEND:VEVENT\r
            BEGIN:VEVENT\r\nUID:daily\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:\(try Self.text(today, 735))T120000Z\r
            DTSTART:\(try Self.text(today, 735))T150000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r
            BEGIN:VEVENT\r\nUID:once\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:\(try Self.text(today, -40))T060000Z\r
            DURATION:PT1H\r\nEND:VEVENT\r
            END:VCALENDAR\r

            """
        _ = try await platform.connector.importFile(Array(file.utf8), name: "days.ics", for: account)
        while await platform.jobs().runOnce() > 0 {}
        let before = try await Self.rows(server, account)
        let once = try #require(before.first { $0.start == (today - 40) * Self.day + 6 * 3600 })
        let roller = WindowRoller(profiles: platform.profiles, reader: platform.registry.reader, zones: .system)
        // A day, the same day again, days missed, a year, and more than the window is long.
        for passed: Int64 in [1, 1, 2, 9, 10, 375, 1500] {
            let now = Instant(seconds: (today + passed) * Self.day + 3600)
            try await roller.roll(account, now: now, fence: { _ in })
            let window = try #require(SyncWindow(around: now)).period
            let wanted = (-100...3000).filter { $0 != 740 }.map { (days: Int64) in
                (today + days) * Self.day + (days == 735 ? 15 : 12) * 3600
            }.filter { $0 < window.end.seconds && $0 + 3600 > window.start.seconds }
            let rows = try await Self.rows(server, account)
            #expect(rows.filter { $0.item != once.item }.map(\.start).sorted() == wanted, "after \(passed) days")
            #expect(rows.contains(once))
            let fresh = Set(rows.map(\.start)).subtracting(before.map(\.start))
            #expect(rows.allSatisfy { !fresh.contains($0.start) || $0.changedAt == 0 })
        }
        await server.close()
    }
}
