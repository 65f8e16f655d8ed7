/// The table of work, shared by any number of processes. What stands in it was written in the transaction that caused
/// it (the outbox); leases are measured by the database's clock, and every write of a worker is fenced.
public struct WorkQueue: Sendable {
    private let database: any Database
    private let random: @Sendable () -> Double

    /// Tries of work that fails by itself.
    public static let attemptLimit: Int64 = 12
    /// Work whose worker died this often in a row is set aside: it may be what kills it.
    static let deathLimit: Int64 = 3

    /// `random` gives numbers from 0 to 1, for jitter.
    public init(_ database: any Database, random: @escaping @Sendable () -> Double) {
        (self.database, self.random) = (database, random)
    }

    /// The queue's tables, as migration `number`.
    public static func migration(number: Int) -> Migration {
        Migration(
            number: number, name: "work",
            statements: [
                """
                CREATE TABLE work (
                    id BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, lane TEXT,
                    run_at BIGINT NOT NULL, payload TEXT NOT NULL, attempts BIGINT NOT NULL DEFAULT 0,
                    deaths BIGINT NOT NULL DEFAULT 0, fence BIGINT NOT NULL DEFAULT 0,
                    leased_until BIGINT NOT NULL DEFAULT 0, again BIGINT NOT NULL DEFAULT 0, error TEXT,
                    state BIGINT NOT NULL DEFAULT 0, UNIQUE (kind, key))
                """,
                "CREATE INDEX work_due ON work (state, run_at, id)",
                "CREATE INDEX work_lanes ON work (lane) WHERE lane IS NOT NULL",
            ])
    }

    /// States of a row: waiting or leased (the lease tells which), and given up.
    private enum State {
        static let live: Int64 = 0
        static let dead: Int64 = 1
    }

    public func enqueue(_ work: Work, in session: any WriteSession) throws {
        // One statement, so that two who ask for the same at once do not collide.
        try session.execute(
            """
            INSERT INTO work (id, kind, key, lane, run_at, payload) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (kind, key) DO UPDATE SET
                again = CASE WHEN work.leased_until > \(session.dialect.now) THEN 1 ELSE work.again END,
                run_at = CASE WHEN work.state = 0 AND work.run_at < excluded.run_at THEN work.run_at
                    ELSE excluded.run_at END,
                payload = excluded.payload, attempts = CASE WHEN work.state = 1 THEN 0 ELSE work.attempts END, state = 0
            """,
            [
                .integer(WorkID.next()), .text(work.kind), .text(work.key), SQLValue(work.lane), .integer(work.runAt),
                .text(work.payload),
            ])
    }

    /// Hears of work that is given up, in the transaction that gives it up.
    public typealias GivingUp = @Sendable (_ kind: String, _ key: String, any WriteSession) throws -> Void

    /// Takes up to `limit` pieces of due work for `lease` seconds, longest due first.
    public func claim(
        kinds: [String], limit: Int, lease: Int64, givingUp: @escaping GivingUp = { _, _, _ in }
    ) async throws -> [LeasedWork] {
        // A look without a write lock first: most looks find nothing.
        guard try await hasDue(kinds) else { return [] }
        return try await database.write { session in
            let marks = kinds.map { _ in "?" }.joined(separator: ", ")
            let now = session.dialect.now
            let due = try session.all(
                """
                SELECT w.id, w.kind, w.key, w.payload, w.attempts, w.fence, w.deaths, w.leased_until, w.lane FROM work w
                WHERE w.state = 0 AND w.run_at <= \(now) AND w.leased_until <= \(now) AND w.kind IN (\(marks))
                    AND NOT EXISTS (SELECT 1 FROM work o WHERE o.lane = w.lane AND o.id <> w.id AND o.state = 0
                        AND (o.leased_until > \(now) OR o.id < w.id))
                ORDER BY w.run_at, w.id LIMIT ?\(session.dialect.skipLocked)
                """, kinds.map(SQLValue.text) + [.integer(Int64(limit))], Due.init)
            return try due.compactMap { try take($0, lease: lease, in: session, givingUp) }
        }
    }

    private func hasDue(_ kinds: [String]) async throws -> Bool {
        try await database.read { session in
            let (now, marks) = (session.dialect.now, kinds.map { _ in "?" }.joined(separator: ", "))
            return try session.first(
                """
                SELECT 1 FROM work WHERE state = 0 AND run_at <= \(now) AND leased_until <= \(now) AND kind IN (\(marks))
                LIMIT 1
                """, kinds.map(SQLValue.text)
            ) { try $0.integer(0) } != nil
        }
    }

    private struct Due {
        let id: Int64, kind: String, key: String, payload: String
        let attempts: Int64, fence: Int64, deaths: Int64
        /// Its last worker neither finished nor failed it.
        let wasAbandoned: Bool

        init(_ row: any SQLRow) throws {
            (id, kind, key, payload) = (try row.integer(0), try row.text(1), try row.text(2), try row.text(3))
            (attempts, fence, deaths) = (try row.integer(4), try row.integer(5), try row.integer(6))
            wasAbandoned = try row.integer(7) != 0
        }
    }

    private func take(
        _ due: Due, lease: Int64, in session: any WriteSession, _ givingUp: GivingUp
    ) throws -> LeasedWork? {
        let deaths = due.wasAbandoned ? due.deaths + 1 : due.deaths
        guard deaths < Self.deathLimit else {
            try session.execute(
                "UPDATE work SET state = 1, leased_until = 0, error = ? WHERE id = ?",
                [.text("its worker ended \(deaths) times in a row while doing it"), .integer(due.id)])
            try givingUp(due.kind, due.key, session)
            return nil
        }
        // A try that its worker did not live to end is made again, and is no reason to wait longer for the next.
        let attempts = due.wasAbandoned ? max(due.attempts, 1) : due.attempts + 1
        try session.execute(
            """
            UPDATE work SET leased_until = \(session.dialect.now) + ?, fence = fence + 1, attempts = ?, deaths = ?,
                again = 0 WHERE id = ?
            """, [.integer(lease), .integer(attempts), .integer(deaths), .integer(due.id)])
        return LeasedWork(
            id: due.id, kind: due.kind, key: due.key, payload: due.payload, attempts: attempts,
            fence: due.fence + 1)
    }

    /// Ends every lease: for a database that only one process holds, when that process has just begun.
    public func endLeases() async throws {
        try await database.write { session in
            // Not nothing: the work was abandoned, and is counted so when it is claimed again.
            try session.execute("UPDATE work SET leased_until = 1 WHERE leased_until > 1")
        }
    }

    /// Keeps the lease for `seconds` from now; work that gets on is not what ends its workers. In a transaction of the work's own it is the fence: it throws
    /// `.leaseLost` where another worker has taken over, and nothing of that transaction stays.
    public func extend(_ work: LeasedWork, by seconds: Int64, in session: any WriteSession) throws {
        let changed = try session.execute(
            """
            UPDATE work SET leased_until = \(session.dialect.now) + ?, deaths = 0
            WHERE id = ? AND fence = ? AND state = 0
            """,
            [.integer(seconds), .integer(work.id), .integer(work.fence)])
        guard changed == 1 else { throw StorageError.leaseLost }
    }

    /// Ends work in the transaction of its effects. Work asked for again meanwhile stays and is due at once.
    public func complete(_ work: LeasedWork, in session: any WriteSession) throws {
        let key: [SQLValue] = [.integer(work.id), .integer(work.fence)]
        if try session.execute("DELETE FROM work WHERE id = ? AND fence = ? AND again = 0", key) == 1 { return }
        let kept = try session.execute(
            """
            UPDATE work SET leased_until = 0, attempts = 0, deaths = 0, again = 0, run_at = 0
            WHERE id = ? AND fence = ?
            """, key)
        guard kept == 1 else { throw StorageError.leaseLost }
    }

    /// Gives failed work back, or up. Nothing is done where another worker has taken it over.
    public func fail(
        _ work: LeasedWork, error: String, retry: Retry, givingUp: @escaping GivingUp = { _, _, _ in }
    ) async throws {
        let wait: Int64?
        switch retry {
        case .backoff:
            let base = Int64(2) << min(work.attempts, 10)
            wait = work.attempts >= Self.attemptLimit ? nil : Int64(Double(base) * (0.5 + random()))
        case .after(let seconds): wait = seconds
        case .never: wait = nil
        }
        try await database.write { session in
            let changed = try session.execute(
                """
                UPDATE work SET leased_until = 0, deaths = 0, error = ?, state = ?,
                    run_at = CASE WHEN again = 1 THEN 0 ELSE \(session.dialect.now) + ? END, again = 0
                WHERE id = ? AND fence = ?
                """,
                [
                    .text(String(error.prefix(500))), .integer(wait == nil ? State.dead : State.live),
                    .integer(wait ?? 0), .integer(work.id), .integer(work.fence),
                ])
            if wait == nil && changed == 1 { try givingUp(work.kind, work.key, session) }
        }
    }

    /// Work that was given up, oldest first.
    public func deadLetters() async throws -> [DeadLetter] {
        try await database.read { session in
            try session.all("SELECT kind, key, attempts, COALESCE(error, '') FROM work WHERE state = 1 ORDER BY id") {
                DeadLetter(
                    kind: try $0.text(0), key: try $0.text(1), attempts: try $0.integer(2), error: try $0.text(3))
            }
        }
    }

    /// Has all of it tried again; returns how many.
    public func replayDeadLetters() async throws -> Int {
        try await database.write { session in
            try session.execute("UPDATE work SET state = 0, attempts = 0, deaths = 0, run_at = 0 WHERE state = 1")
        }
    }

    /// How many pieces of live work have keys that begin with `prefix` and are due by `runAt` or in hand.
    public func pending(kind: String, keyPrefix prefix: String, dueBy runAt: Int64) async throws -> Int {
        try await database.read { session in
            let keys = try session.all(
                """
                SELECT key FROM work WHERE state = 0 AND kind = ?
                    AND (run_at <= ? OR leased_until > \(session.dialect.now))
                """, [.text(kind), .integer(runAt)]
            ) { try $0.text(0) }
            return keys.count { $0.hasPrefix(prefix) }
        }
    }
}
