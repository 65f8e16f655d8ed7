import Accounts
import CivilTime
import Native
import ProviderKit
import StorageKit

/// Native calendars of one account, in the platform's own database.
struct DatabaseNativeStore: NativeStore {
    let database: any Database
    let account: AccountID

    func calendars() async throws(RemoteFailure) -> [RemoteCalendar] {
        try await read { session in
            var calendars = try session.all(
                """
                SELECT remote_id, name, zone FROM native_calendars WHERE account_id = ?
                ORDER BY LENGTH(remote_id), remote_id
                """, [.text(account.value)]
            ) { row in
                var calendar = RemoteCalendar(id: RemoteCalendarID(try row.text(0)), name: try row.text(1))
                calendar.zoneName = try row.optionalText(2)
                return calendar
            }
            // The first one made: their numbers rise.
            if !calendars.isEmpty { calendars[0].isPrimary = true }
            return calendars
        }
    }

    func createCalendar(named name: String) async throws(RemoteFailure) -> RemoteCalendar {
        try await write { session in
            let zone = try AccountStore.account(account, in: session)?.zone ?? .utc
            let id = try Self.create(named: name, zone: zone.name, account: account, in: session)
            var calendar = RemoteCalendar(id: id, name: name)
            calendar.zoneName = zone.name
            return calendar
        }
    }

    func changes(
        in calendar: RemoteCalendarID, after sequence: Int64, limit: Int
    ) async throws(RemoteFailure) -> [NativeChange] {
        try await read { session in
            try session.all(
                """
                SELECT remote_id, sequence, deleted, body, version FROM native_items
                WHERE account_id = ? AND calendar = ? AND sequence > ? ORDER BY sequence LIMIT ?
                """,
                [.text(account.value), .text(calendar.value), .integer(sequence), .integer(Int64(limit))]
            ) { row in
                let item = try row.flag(2) ? nil : NativeItem(text: try row.text(3), version: try row.text(4))
                return NativeChange(id: RemoteItemID(try row.text(0)), sequence: try row.integer(1), item: item)
            }
        }
    }

    func item(_ id: RemoteItemID, in calendar: RemoteCalendarID) async throws(RemoteFailure) -> NativeItem? {
        try await read { try stored(id, in: calendar, session: $0) }
    }

    func put(
        _ text: String, at id: RemoteItemID, in calendar: RemoteCalendarID, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> String {
        try await write { session in
            let before = try stored(id, in: calendar, session: session)
            switch precondition {
            case .absent where before != nil: throw RemoteFailure.conflict
            case .version(let version) where before?.version != version: throw RemoteFailure.conflict
            default: break
            }
            let sequence = try Self.nextSequence(of: calendar, account: account, session: session)
            try Self.replace(
                id, in: calendar, account: account, text: text, sequence: sequence, isDeleted: false, session: session)
            return String(sequence)
        }
    }

    func delete(
        _ id: RemoteItemID, in calendar: RemoteCalendarID, ifVersion version: String?
    ) async throws(RemoteFailure) {
        try await write { session in
            guard let before = try stored(id, in: calendar, session: session) else { return }
            guard version == nil || version == before.version else { throw RemoteFailure.conflict }
            let sequence = try Self.nextSequence(of: calendar, account: account, session: session)
            try Self.replace(
                id, in: calendar, account: account, text: "", sequence: sequence, isDeleted: true, session: session)
        }
    }

    /// Makes a calendar that lives here and gives its address.
    static func create(
        named name: String, zone: String, account: AccountID, in session: any WriteSession
    ) throws -> RemoteCalendarID {
        let id = RemoteCalendarID("native:" + String(try AccountStore.numbers(1, for: account, in: session)))
        try session.execute(
            "INSERT INTO native_calendars (account_id, remote_id, name, zone) VALUES (?, ?, ?, ?)",
            [.text(account.value), .text(id.value), .text(name), .text(zone)])
        return id
    }

    /// Puts an item that was imported into a calendar that was just made.
    static func insert(
        _ text: String, uid: String, in calendar: RemoteCalendarID, account: AccountID, session: any WriteSession
    ) throws {
        let sequence = try nextSequence(of: calendar, account: account, session: session)
        try replace(
            RemoteItemID(uid), in: calendar, account: account, text: text, sequence: sequence, isDeleted: false,
            session: session)
    }

    private func stored(
        _ id: RemoteItemID, in calendar: RemoteCalendarID, session: any ReadSession
    ) throws -> NativeItem? {
        try session.first(
            """
            SELECT body, version FROM native_items
            WHERE account_id = ? AND calendar = ? AND remote_id = ? AND deleted = 0
            """, [.text(account.value), .text(calendar.value), .text(id.value)]
        ) { NativeItem(text: try $0.text(0), version: try $0.text(1)) }
    }

    private static func nextSequence(
        of calendar: RemoteCalendarID, account: AccountID, session: any WriteSession
    ) throws -> Int64 {
        let next = try session.first(
            """
            UPDATE native_calendars SET sequence = sequence + 1 WHERE account_id = ? AND remote_id = ?
            RETURNING sequence
            """, [.text(account.value), .text(calendar.value)]
        ) { try $0.integer(0) }
        guard let next else { throw RemoteFailure.gone }
        return next
    }

    private static func replace(
        _ id: RemoteItemID, in calendar: RemoteCalendarID, account: AccountID, text: String, sequence: Int64,
        isDeleted: Bool,
        session: any WriteSession
    ) throws {
        try session.execute(
            """
            INSERT INTO native_items (account_id, calendar, remote_id, version, body, sequence, deleted)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (account_id, calendar, remote_id) DO UPDATE SET version = excluded.version,
                body = excluded.body, sequence = excluded.sequence, deleted = excluded.deleted
            """,
            [
                .text(account.value), .text(calendar.value), .text(id.value), .text(String(sequence)), .text(text),
                .integer(sequence), SQLValue(isDeleted),
            ])
    }

    private func read<T: Sendable>(
        _ body: @escaping @Sendable (any ReadSession) throws -> T
    ) async throws(RemoteFailure) -> T {
        do { return try await database.read(body) } catch { throw Self.failure(error) }
    }

    private func write<T: Sendable>(
        _ body: @escaping @Sendable (any WriteSession) throws -> T
    ) async throws(RemoteFailure) -> T {
        do { return try await database.write(body) } catch { throw Self.failure(error) }
    }

    private static func failure(_ error: any Error) -> RemoteFailure {
        error as? RemoteFailure ?? .unreachable(reason: "The database is not available at the moment.")
    }
}
