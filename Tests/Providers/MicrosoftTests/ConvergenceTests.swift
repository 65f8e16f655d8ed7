import CivilTime
import Foundation
import ICalendar
import ProviderKit
import ProviderTesting
import SandboxMicrosoft
import Testing

@testable import Microsoft

/// Numbers that a seed decides (SplitMix64).
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        // Wraps by design.
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Edits on both sides with faults in between, and what should be there in the end.
private struct History {
    let fixture = MicrosoftFixture()
    var numbers: SeededNumbers
    /// Titles by UID, kept by the test alone.
    var truth: [String: String] = [:]
    var held: [RemoteItemID: RemoteItem] = [:]
    var cursor: SyncCursor?
    var faults = 0

    init(seed: UInt64) { numbers = SeededNumbers(state: seed) }

    mutating func run() async throws {
        for step in 0..<25 { try await self.step(step) }
        fixture.sandbox.fail(next: [])
        for _ in 0..<20 where try await !sync() {}
    }

    private mutating func step(_ step: Int) async throws {
        let (number, title) = (Int.random(in: 0..<6, using: &numbers), "T\(step)")
        switch Int.random(in: 0..<8, using: &numbers) {
        case 0, 1:
            // A person edits; the last two numbers are series with a moved and a deleted instance.
            let text = number > 3 ? SampleEvent.recurring(number) : SampleEvent.single(number, title: title)
            // Faults are for the connector.
            guard faults == 0 else { return }
            try await fixture.write(text, uid: SampleEvent.uid(number))
            truth[SampleEvent.uid(number)] = number > 3 ? "Series \(number)" : "\(title) \(number)"
        case 2:
            try await fixture.remove(uid: SampleEvent.uid(number))
            truth[SampleEvent.uid(number)] = nil
        case 3, 4: await put(number > 3 ? number + 100 : number, title)
        case 5: await delete()
        case 6:
            if Bool.random(using: &numbers) {
                fixture.sandbox.expireCursors()
            } else {
                let status = [429, 500, 503, 410, 401].randomElement(using: &numbers) ?? 500
                fixture.sandbox.fail(next: [(status, "Chosen")])
                faults += 1
            }
        default: _ = try await sync()
        }
    }

    private mutating func put(_ number: Int, _ title: String) async {
        let (uid, provider) = (SampleEvent.uid(number), fixture.connect())
        let known = held.values.first { Self.series($0)?.uid == uid }
        let precondition = known?.version.map { WritePrecondition.version($0) } ?? .absent
        // What others made is only changed where it is known; else two events would have one UID.
        guard known != nil || number >= 100 else { return }
        let id = known?.id ?? provider.newItemID(forUID: uid, in: fixture.calendar)
        do {
            _ = try await provider.put(
                SampleEvent.single(number, title: title), at: id, in: fixture.calendar, if: precondition)
            truth[uid] = "\(title) \(number)"
        } catch { faults = 0 }
    }

    private mutating func delete() async {
        guard let item = held.values.sorted(by: { $0.id.value < $1.id.value }).randomElement(using: &numbers),
            let uid = Self.series(item)?.uid
        else { return }
        do {
            // One that a person deleted, and perhaps made anew under another id, is no longer there to delete.
            guard try await fixture.connect().item(item.id, in: fixture.calendar) != nil else { return }
            try await fixture.connect().delete(item.id, in: fixture.calendar, ifVersion: item.version)
            truth[uid] = nil
        } catch { faults = 0 }
    }

    /// Whether it came to its end.
    private mutating func sync() async throws -> Bool {
        var named: Set<RemoteItemID>?
        while true {
            let versions = held.compactMapValues(\.version)
            let page: ChangePage
            do {
                page = try await fixture.connect().changes(in: fixture.calendar, since: cursor) { _ in versions }
            } catch {
                faults = 0
                if error == .cursorExpired { cursor = nil }
                // A read from the start that broke off begins again: its first page must be named, too.
                if named != nil { cursor = nil }
                return false
            }
            if page.isComplete, named == nil { named = [] }
            for item in page.changed { held[item.id] = item }
            for id in page.removed { held[id] = nil }
            named?.formUnion(page.changed.map(\.id) + page.unchanged)
            switch page.next {
            case .more(let next): cursor = next
            case .done(let next, _):
                cursor = next
                if let named { held = held.filter { named.contains($0.key) } }
                return true
            }
        }
    }

    static func series(_ item: RemoteItem) -> EventSeries? {
        if case .events(let series, _) = item.content { series } else { nil }
    }

    /// Titles by UID as the connector told them, twice where there are two.
    var told: [String: [String]] {
        Dictionary(grouping: held.values.compactMap(Self.series), by: \.uid).mapValues {
            $0.compactMap(\.master?.summary)
        }
    }
}

@Suite("Both sides of a Microsoft calendar")
struct ConvergenceTests {
    @Test("end equal after random histories with faults: 100, or 1,000 with ANCHORPOINT_PROVE")
    func converge() async throws {
        let most: UInt64 = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 100 : 1000
        for seed in 1...most {
            var history = History(seed: seed)
            try await history.run()
            #expect(history.told == history.truth.mapValues { [$0] }, "seed \(seed)")
        }
    }
}
