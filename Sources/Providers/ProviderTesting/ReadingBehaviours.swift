internal import ICalendar
import ProviderKit

enum ReadingBehaviours {
    static func discovery(_ fixture: some ProviderFixture) async throws {
        if fixture.isReadOnly { try await fill(fixture, 0..<1) }
        let first = try await fixture.connect().discover()
        let second = try await fixture.connect().discover()
        try require(
            !first.identity.isEmpty && first.identity == second.identity,
            "the identity changed: \(first.identity), \(second.identity)")
        let ids = first.calendars.map(\.id)
        try require(Set(ids).count == ids.count, "a calendar is listed twice: \(ids)")
        try require(ids.contains(fixture.calendar), "\(fixture.calendar) is not among \(ids)")
        try require(first.calendars.filter(\.isPrimary).count <= 1, "more than one primary calendar")
    }

    static func firstRead(_ fixture: some ProviderFixture) async throws {
        try await fill(fixture, 0..<25)
        try await fixture.write(SampleEvent.recurring(25), uid: SampleEvent.uid(25))
        var replica = Replica(calendar: fixture.calendar)
        let read = try await replica.read(through: fixture.connect)
        try require(replica.texts.count == 26, "26 events were written, \(replica.texts.count) read")
        try require(read.pages > 1, "26 events came as one page; the fixture must set pages of fewer")
        try require(Set(read.transferred).count == read.transferred.count, "an item was transferred twice")
        guard
            case .events(let series, _)? = replica.items.values.first(where: { uid($0) == SampleEvent.uid(25) })?
                .content
        else { throw ProviderSuiteFailure("the series could not be read") }
        try require(series.overrides.count == 1, "the series has \(series.overrides.count) overrides, not 1")
        let again = try await replica.read(through: fixture.connect)
        try require(again.transferred.isEmpty, "nothing changed, but \(again.transferred.count) items came again")
    }

    static func increment(_ fixture: some ProviderFixture) async throws {
        try await fill(fixture, 0..<12)
        var replica = Replica(calendar: fixture.calendar)
        _ = try await replica.read(through: fixture.connect)
        try await fixture.write(SampleEvent.single(3, title: "Moved trip"), uid: SampleEvent.uid(3))
        try await fixture.write(SampleEvent.single(50), uid: SampleEvent.uid(50))
        let read = try await replica.read(through: fixture.connect)
        try require(read.transferred.count == 2, "2 events changed, \(read.transferred.count) were transferred")
        try require(replica.texts.count == 13, "13 events exist, \(replica.texts.count) are known")
        try require(replica.texts[SampleEvent.uid(3)]?.contains("Moved trip") == true, "the change did not arrive")
    }

    static func deletion(_ fixture: some ProviderFixture) async throws {
        try await fill(fixture, 0..<12)
        var replica = Replica(calendar: fixture.calendar)
        _ = try await replica.read(through: fixture.connect)
        try await fixture.remove(uid: SampleEvent.uid(4))
        try await fixture.write(SampleEvent.single(5, title: "Other"), uid: SampleEvent.uid(5))
        let read = try await replica.read(through: fixture.connect)
        try require(replica.texts.count == 11, "11 events exist, \(replica.texts.count) are known")
        try require(replica.texts[SampleEvent.uid(4)] == nil, "the deleted event is still known")
        try require(read.transferred.count == 1, "1 event changed, \(read.transferred.count) were transferred")
    }

    static func foreignCursor(_ fixture: some ProviderFixture) async throws {
        try await fill(fixture, 0..<6)
        var replica = Replica(calendar: fixture.calendar)
        _ = try await replica.read(through: fixture.connect)
        try await fixture.remove(uid: SampleEvent.uid(0))
        replica.forgetPosition(using: SyncCursor("what is this"))
        let read = try await replica.read(through: fixture.connect)
        try require(replica.texts.count == 5, "5 events exist, \(replica.texts.count) are known")
        try require(read.transferred.isEmpty, "versions were known, but \(read.transferred.count) items came again")
    }

    static func badItem(_ fixture: some ProviderFixture) async throws {
        try await fill(fixture, 0..<5)
        guard try await fixture.poison() else { return }
        var replica = Replica(calendar: fixture.calendar)
        _ = try await replica.read(through: fixture.connect)
        try require(replica.texts.count == 5, "5 good events exist, \(replica.texts.count) were read")
        let reasons = replica.items.values.compactMap {
            if case .unreadable(let reason) = $0.content { reason } else { nil }
        }
        try require(reasons.count == 1 && reasons[0].count > 5, "the bad item has no reason: \(reasons)")
        try await fixture.write(SampleEvent.single(9), uid: SampleEvent.uid(9))
        _ = try await replica.read(through: fixture.connect)
        try require(replica.texts.count == 6, "after the bad item nothing more was read")
    }

    static func fill(_ fixture: some ProviderFixture, _ numbers: Range<Int>) async throws {
        for number in numbers { try await fixture.write(SampleEvent.single(number), uid: SampleEvent.uid(number)) }
    }

    static func uid(_ item: RemoteItem) -> String? {
        if case .events(let series, _) = item.content { series.uid } else { nil }
    }
}
