import ProviderKit

enum FailureBehaviours {
    static func wrongCredential(_ fixture: some ProviderFixture) async throws {
        guard let stranger = fixture.connectWithWrongCredential() else { return }
        for (name, attempt) in attempts(of: stranger, fixture) {
            guard case .authorizationLost(let reason) = await failure(attempt) else {
                throw ProviderSuiteFailure("\(name) with a wrong password did not say so")
            }
            try require(reason.count > 10, "people are told nothing: '\(reason)'")
        }
    }

    private static func attempts(
        of provider: any CalendarProvider, _ fixture: some ProviderFixture
    ) -> [(String, @Sendable () async throws -> Void)] {
        let calendar = fixture.calendar
        return [
            ("discovery", { _ = try await provider.discover() }),
            ("reading", { _ = try await provider.changes(in: calendar, since: nil) { _ in [:] } }),
        ]
    }

    static func outage(_ fixture: some ProviderFixture) async throws {
        try await ReadingBehaviours.fill(fixture, 0..<4)
        var replica = Replica(calendar: fixture.calendar)
        _ = try await replica.read(through: fixture.connect)
        guard try await fixture.stop() else { return }
        let (calendar, cursor, provider) = (fixture.calendar, replica.cursor, fixture.connect())
        let found = await failure { _ = try await provider.changes(in: calendar, since: cursor) { _ in [:] } }
        guard case .unreachable = found else {
            try await fixture.start()
            throw ProviderSuiteFailure("a server that is away gave \(String(describing: found))")
        }
        try await fixture.start()
        try await fixture.write(SampleEvent.single(7), uid: SampleEvent.uid(7))
        let read = try await replica.read(through: { provider })
        try require(replica.texts.count == 5, "5 events exist, \(replica.texts.count) are known")
        try require(read.transferred.count == 1, "1 event is new, \(read.transferred.count) were transferred")
    }

    static func readOnly(_ fixture: some ProviderFixture) async throws {
        try await ReadingBehaviours.fill(fixture, 0..<1)
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        let listed = try await provider.discover().calendars.first { $0.id == calendar }
        try require(listed?.isReadOnly == true, "the calendar does not show that it is read only")
        let id = provider.newItemID(forUID: SampleEvent.uid(1), in: calendar)
        let write = await failure {
            _ = try await provider.put(SampleEvent.single(1), at: id, in: calendar, if: .absent)
        }
        guard case .refused = write else {
            throw ProviderSuiteFailure("a write to a read-only calendar gave \(String(describing: write))")
        }
        let held = provider.newItemID(forUID: SampleEvent.uid(0), in: calendar)
        let deletion = await failure { try await provider.delete(held, in: calendar, ifVersion: nil) }
        guard case .refused = deletion else {
            throw ProviderSuiteFailure("a deletion in a read-only calendar gave \(String(describing: deletion))")
        }
    }

    /// The failure of `attempt`, or nil where it worked.
    static func failure(_ attempt: @Sendable () async throws -> Void) async -> RemoteFailure? {
        do {
            try await attempt()
            return nil
        } catch { return error as? RemoteFailure }
    }
}
