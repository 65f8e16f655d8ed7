import CivilTime
import Native
import ProviderKit
import ProviderTesting
import Support
import Synchronization
import Testing

@Suite("Native calendars")
struct NativeTests {
    @Test("behave as every provider must", arguments: ProviderBehaviour.allCases)
    func behaves(_ behaviour: ProviderBehaviour) async throws {
        let fixture = NativeFixture()
        guard behaviour.applies(to: fixture) else { return }
        try await behaviour.show(on: fixture)
    }

    @Test("refuse text that is no event")
    func refusesNonsense() async throws {
        let fixture = NativeFixture()
        await #expect(throws: RemoteFailure.self) {
            try await fixture.connect().put("BEGIN:VCALENDAR", at: RemoteItemID("x"), in: fixture.calendar, if: .none)
        }
    }

    @Test("a cursor from before the known deletions is expired")
    func forgottenDeletions() async throws {
        let fixture = NativeFixture()
        try await fixture.write(SampleEvent.single(1), uid: SampleEvent.uid(1))
        await fixture.store.forgetDeletions(upTo: 5)
        await #expect(throws: RemoteFailure.cursorExpired) {
            try await fixture.connect().changes(in: fixture.calendar, since: SyncCursor("1")) { _ in [:] }
        }
    }
}

struct NativeFixture: ProviderFixture {
    let calendar = RemoteCalendarID("cal_1")
    let store = MemoryNativeStore()
    let isReadOnly = false

    func connect() -> any CalendarProvider {
        NativeProvider(
            identity: "acc_1", displayName: "Anna", store: store, reader: ItemReader(zones: .system), pageSize: 5)
    }

    func connectWithWrongCredential() -> (any CalendarProvider)? { nil }

    func write(_ text: String, uid: String) async throws {
        _ = try await store.put(text, at: RemoteItemID(uid), in: calendar, if: .none)
    }

    func remove(uid: String) async throws { try await store.delete(RemoteItemID(uid), in: calendar, ifVersion: nil) }

    func poison() async throws -> Bool {
        try await write("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", uid: "poison")
        return true
    }

    func stop() async throws -> Bool {
        await store.set(isAway: true)
        return true
    }
    func start() async throws { await store.set(isAway: false) }
}

/// The store the platform keeps in tables, in memory.
actor MemoryNativeStore: NativeStore {
    private var changes: [RemoteItemID: NativeChange] = [:]
    private var sequence: Int64 = 0
    private var forgotten: Int64 = 0
    private var isAway = false

    func set(isAway: Bool) { self.isAway = isAway }
    func forgetDeletions(upTo sequence: Int64) { forgotten = sequence }

    private func check(_ calendar: RemoteCalendarID) throws(RemoteFailure) {
        if isAway { throw .unreachable(reason: "The database is away.") }
        guard calendar == RemoteCalendarID("cal_1") else { throw .gone }
    }

    func calendars() async throws(RemoteFailure) -> [RemoteCalendar] {
        [RemoteCalendar(id: RemoteCalendarID("cal_1"), name: "Mine")]
    }

    func createCalendar(named name: String) async throws(RemoteFailure) -> RemoteCalendar {
        throw .refused(status: 0, reason: "This store has one calendar.")
    }

    func changes(
        in calendar: RemoteCalendarID, after sequence: Int64, limit: Int
    ) async throws(RemoteFailure) -> [NativeChange] {
        try check(calendar)
        if sequence > 0, sequence < forgotten { throw .cursorExpired }
        return Array(
            changes.values.filter { $0.sequence > sequence }.sorted { $0.sequence < $1.sequence }.prefix(limit))
    }

    func item(_ id: RemoteItemID, in calendar: RemoteCalendarID) async throws(RemoteFailure) -> NativeItem? {
        try check(calendar)
        return changes[id]?.item
    }

    func put(
        _ text: String, at id: RemoteItemID, in calendar: RemoteCalendarID, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> String {
        try check(calendar)
        let standing = changes[id]?.item?.version
        switch precondition {
        case .absent: if standing != nil { throw .conflict }
        case .version(let version): if standing != version { throw .conflict }
        case .none: break
        }
        sequence += 1
        changes[id] = NativeChange(id: id, sequence: sequence, item: NativeItem(text: text, version: "\(sequence)"))
        return "\(sequence)"
    }

    func delete(_ id: RemoteItemID, in calendar: RemoteCalendarID, ifVersion version: String?)
        async throws(RemoteFailure)
    {
        try check(calendar)
        guard let standing = changes[id]?.item else { return }
        if let version, version != standing.version { throw .conflict }
        sequence += 1
        changes[id] = NativeChange(id: id, sequence: sequence, item: nil)
    }
}
