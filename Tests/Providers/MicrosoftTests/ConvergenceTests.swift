import CivilTime
import Foundation
import ICalendar
import ProviderKit
import ProviderTesting
import SandboxMicrosoft
import Support
import Testing

@testable import Microsoft

/// Edits on both sides with faults in between, and what should be there in the end.
private struct History {
    let fixture = MicrosoftFixture()
    var numbers: Dice
    /// Titles by UID, kept by the test alone.
    var truth: [String: String] = [:]
    var replica: Replica
    var faults = 0

    init(seed: UInt64, omitting omission: Replica.Omission? = nil) {
        numbers = Dice(seed: seed)
        replica = Replica(calendar: fixture.calendar, omitting: omission)
    }

    mutating func run() async throws {
        for step in 0..<25 { try await self.step(step) }
        fixture.sandbox.fail(next: [])
        for _ in 0..<20 where await !sync() {}
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
        default: _ = await sync()
        }
    }

    private mutating func put(_ number: Int, _ title: String) async {
        let (uid, provider) = (SampleEvent.uid(number), fixture.connect())
        let known = replica.item(uid: uid)
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
        guard let item = replica.items.values.sorted(by: { $0.id.value < $1.id.value }).randomElement(using: &numbers),
            let uid = item.series?.uid
        else { return }
        do {
            // One that a person deleted, and perhaps made anew under another id, is no longer there to delete.
            guard try await fixture.connect().item(item.id, in: fixture.calendar) != nil else { return }
            try await fixture.connect().delete(item.id, in: fixture.calendar, ifVersion: item.version)
            truth[uid] = nil
        } catch { faults = 0 }
    }

    /// Whether it came to its end.
    private mutating func sync() async -> Bool {
        do {
            try await replica.read(through: fixture.connect)
            return true
        } catch {
            faults = 0
            return false
        }
    }

    /// Titles by UID as the connector told them, twice where there are two.
    var told: [String: [String]] {
        Dictionary(grouping: replica.items.values.compactMap(\.series), by: \.uid).mapValues {
            $0.compactMap(\.master?.summary)
        }
    }

    var isEqual: Bool { told == truth.mapValues { [$0] } }
}

@Suite("Both sides of a Microsoft calendar")
struct ConvergenceTests {
    @Test("end equal after random histories with faults: 100, or 1,000 with ANCHORPOINT_PROVE")
    func converge() async throws {
        let most: UInt64 = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 100 : 1000
        for seed in 1...most {
            var history = History(seed: seed)
            try await history.run()
            #expect(history.isEqual, "seed \(seed)")
        }
    }

    @Test("end unequal where removals are not taken up, which shows that the comparison sees them")
    func control() async throws {
        var unequal = 0
        for seed in 1...20 as ClosedRange<UInt64> {
            var history = History(seed: seed, omitting: .removals)
            try await history.run()
            if !history.isEqual { unequal += 1 }
        }
        #expect(unequal > 0)
    }
}
