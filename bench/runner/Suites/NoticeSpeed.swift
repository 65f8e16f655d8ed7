import Accounts
import CivilTime
import CronofySigning
import Foundation
import Notifications
import PostgreSQL
import SQLite
import StorageKit

/// Notifications: signatures of a usual body with two live secrets, beside what 1,000 deliveries a second need; and notices
/// put into the outbox, 100 channels a transaction, beside plain inserts of the same rows.
struct NoticeSpeed: BenchSuite {
    static let name = "notices"
    private static let channels = 100
    private static let transactions = 50
    private static let rounds = 5

    static func run(_ context: BenchContext) async throws -> [Measurement] {
        let file = context.folder + "/notices.sqlite"
        return [
            signing(),
            try await NoticeSpeed(SQLiteDatabase.open(path: file)).measure("SQLite at FULL"),
            try await NoticeSpeed(PostgreSQLDatabase.open(url: context.postgres())).measure("PostgreSQL"),
        ]
    }

    private static func signing() -> Measurement {
        let body = Array(String(repeating: "notification ", count: 30).utf8)
        let secrets = [String(repeating: "a", count: 44), String(repeating: "b", count: 44)]
        var (repeats, length, spent) = (0, 0, 0.0)
        let begin = Rounds.processorSeconds()
        repeat {
            for _ in 0..<1_000 { length += NotificationSignature.header(for: body, secrets: secrets).utf8.count }
            repeats += 1_000
            spent = Rounds.processorSeconds() - begin
        } while spent < 0.5 && length > 0
        return Measurement(
            name: "notifications signed", value: Double(repeats) / spent, unit: "bodies/s", better: .more,
            peer: "limit", peerValue: 1_000)
    }

    private let database: any Database
    private let account = AccountID("acc_notices")

    private init(_ database: any Database) async throws {
        self.database = database
        try await Migrator(database, migrations: PlatformSchema.migrations).migrate()
        let account = account.value
        try await database.write { session in
            for number in 0..<Self.channels {
                try session.execute(
                    """
                    INSERT INTO channels (account_id, channel_id, client_id, callback_url, destination, created_at)
                    VALUES (?, ?, 'bench', 'http://127.0.0.1/', '127.0.0.1:80', 0)
                    """, [.text(account), .text("chn_\(number)")])
            }
        }
    }

    private func measure(_ name: String) async throws -> Measurement {
        var (ours, peers) = (Rounds(), Rounds())
        for _ in 0..<Self.rounds {
            try await clear()
            try await ours.time { for _ in 0..<Self.transactions { try await record() } }
            guard try await count() == Self.transactions * Self.channels else {
                throw BenchError("notices are missing from the outbox")
            }
            try await clear()
            try await peers.time { for number in 0..<Self.transactions { try await insert(number) } }
        }
        await database.close()
        let notices = Double(Self.transactions * Self.channels)
        return Measurement(
            name: "notices put into the outbox, \(name)", value: notices / ours.median, unit: "notices/s",
            better: .more, peer: "plain inserts", peerValue: notices / peers.median)
    }

    private func record() async throws {
        let account = account
        try await database.write { session in
            try ChangeRecorder(account: account, session: session).record(
                CalendarChange(calendar: CalendarNumber(1), at: Instant(seconds: 1)))
            // As if each was tried at once, so that the next change joins none.
            try session.execute(
                "UPDATE notices SET tried = 1 WHERE account_id = ? AND tried = 0", [.text(account.value)])
        }
    }

    private func insert(_ number: Int) async throws {
        let account = account.value
        try await database.write { session in
            for channel in 0..<Self.channels {
                try session.execute(
                    """
                    INSERT INTO notices (account_id, channel_id, number, type, changes_since, message_id, created_ms)
                    VALUES (?, ?, ?, 'change', 1, ?, 0)
                    """,
                    [
                        .text(account), .text("chn_\(channel)"), .integer(Int64(number)),
                        .text("msg_" + Crypto.token(24)),
                    ])
            }
            try session.execute("UPDATE notices SET tried = 1 WHERE account_id = ? AND tried = 0", [.text(account)])
        }
    }

    private func clear() async throws {
        try await database.write { session in
            try session.execute("DELETE FROM notices")
            try session.execute("UPDATE channels SET waiting = 0, last_number = 0")
        }
    }

    private func count() async throws -> Int {
        let count = try await database.read { session in
            try session.first("SELECT COUNT(*) FROM notices", []) { try $0.integer(0) }
        }
        return Int(count ?? 0)
    }
}
