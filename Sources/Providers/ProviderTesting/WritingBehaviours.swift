import ProviderKit

enum WritingBehaviours {
    static func creation(_ fixture: some ProviderFixture) async throws {
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        let id = provider.newItemID(forUID: SampleEvent.uid(1), in: calendar)
        let receipt = try await provider.put(SampleEvent.single(1), at: id, in: calendar, if: .absent)
        let stored = try await provider.item(receipt.id, in: calendar)
        try require(stored.flatMap(ReadingBehaviours.uid) == SampleEvent.uid(1), "the new event cannot be read back")
        if let version = receipt.version {
            try require(
                stored?.version == version, "the receipt says \(version), the item \(stored?.version ?? "nothing")")
        }
        let again = await FailureBehaviours.failure {
            _ = try await provider.put(SampleEvent.single(1, title: "Second"), at: id, in: calendar, if: .absent)
        }
        try require(again == .conflict, "a second creation gave \(String(describing: again))")
        var replica = Replica(calendar: calendar)
        _ = try await replica.read(through: fixture.connect)
        try require(replica.texts.count == 1, "1 event exists, \(replica.texts.count) are known")
        try require(replica.items.keys.contains(receipt.id), "reading names the event otherwise than writing did")
        try require(
            try await provider.item(provider.newItemID(forUID: "no-such-event", in: calendar), in: calendar) == nil,
            "an event appeared from nowhere")
    }

    static func conflict(_ fixture: some ProviderFixture) async throws {
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        try await fixture.write(SampleEvent.single(1), uid: SampleEvent.uid(1))
        var replica = Replica(calendar: calendar)
        _ = try await replica.read(through: fixture.connect)
        guard let item = replica.items.values.first, let version = item.version else {
            throw ProviderSuiteFailure("the event has no version to write over")
        }
        try await fixture.write(SampleEvent.single(1, title: "Theirs"), uid: SampleEvent.uid(1))
        let lost = await FailureBehaviours.failure {
            _ = try await provider.put(
                SampleEvent.single(1, title: "Ours"), at: item.id, in: calendar, if: .version(version))
        }
        try require(lost == .conflict, "a write over an unseen edit gave \(String(describing: lost))")
        guard let theirs = try await provider.item(item.id, in: calendar), case .events(_, let text) = theirs.content,
            let seen = theirs.version
        else { throw ProviderSuiteFailure("their edit cannot be read") }
        try require(text.contains("Theirs"), "their edit was overwritten")
        _ = try await provider.put(
            SampleEvent.single(1, title: "Merged"), at: item.id, in: calendar, if: .version(seen))
        _ = try await replica.read(through: fixture.connect)
        try require(replica.texts[SampleEvent.uid(1)]?.contains("Merged") == true, "the merged event did not arrive")
    }

    static func deletion(_ fixture: some ProviderFixture) async throws {
        let (provider, calendar) = (fixture.connect(), fixture.calendar)
        try await ReadingBehaviours.fill(fixture, 0..<2)
        var replica = Replica(calendar: calendar)
        _ = try await replica.read(through: fixture.connect)
        guard let item = replica.items.values.first(where: { ReadingBehaviours.uid($0) == SampleEvent.uid(1) }),
            let version = item.version
        else { throw ProviderSuiteFailure("the event has no version") }
        try await fixture.write(SampleEvent.single(1, title: "Theirs"), uid: SampleEvent.uid(1))
        let lost = await FailureBehaviours.failure {
            try await provider.delete(item.id, in: calendar, ifVersion: version)
        }
        try require(lost == .conflict, "deleting an unseen edit gave \(String(describing: lost))")
        try await provider.delete(item.id, in: calendar, ifVersion: nil)
        try await provider.delete(item.id, in: calendar, ifVersion: nil)
        _ = try await replica.read(through: fixture.connect)
        try require(replica.texts.count == 1, "1 event exists, \(replica.texts.count) are known")
    }
}
