import Accounts
import Authorization
import CivilTime
import Events
import Jobs
import Logging
import StorageKit
import Support
import Sync
import Synchronization
import Testing

@testable import App

/// Work whose outcome a test decides.
private final class ScriptedOpening: DelegatedOpening {
    struct Fault: Error {}

    private let script: @Sendable (_ payload: String, _ count: Int) async throws -> DelegatedOutcome
    private let counts = Mutex<[String: Int]>([:])

    init(_ script: @escaping @Sendable (String, Int) async throws -> DelegatedOutcome) { self.script = script }

    func count(_ payload: String) -> Int { counts.withLock { $0[payload, default: 0] } }

    func open(_ payload: String) async throws -> DelegatedOutcome {
        let count = counts.withLock { counts in
            counts[payload, default: 0] += 1
            return counts[payload, default: 0]
        }
        return try await script(payload, count)
    }
}

/// A queue with a runner, as one process of several has it.
private struct JobWorld {
    let server: LiveServer
    var queue: WorkQueue { server.platform.queue }
    private var database: any Database { server.platform.database }

    init(_ kind: TestDatabase.Kind) async throws { server = try await LiveServer(kind) }

    func runner(_ opening: any DelegatedOpening) -> JobRunner {
        let platform = server.platform
        return JobRunner(
            JobServices(
                accounts: platform.accounts, queue: platform.queue,
                profileSync: ProfileSync(
                    profiles: platform.profiles, source: platform.registry, zones: .system, random: { 0.5 }),
                itemPush: ItemPush(profiles: platform.profiles, source: platform.registry, zones: .system),
                roller: WindowRoller(profiles: platform.profiles, reader: platform.registry.reader, zones: .system),
                opening: opening, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, random: { 0.5 },
                pause: { do { try await Task.sleep(for: $0) } catch {} }, progress: { _, _ in }))
    }

    func ask(_ names: String...) async throws {
        let queue = self.queue
        try await database.write { session in
            for name in names {
                try queue.enqueue(Work(kind: DelegatedRequest.kind, key: name, payload: name), in: session)
            }
        }
    }

    /// Seconds until `name` is due, and whether it was given up; nil where it is done.
    func state(_ name: String) async throws -> (wait: Int64, isDead: Bool)? {
        try await database.read { session in
            let now = session.dialect.now
            return try session.first(
                "SELECT CASE WHEN run_at > \(now) THEN run_at - \(now) ELSE 0 END, state FROM work WHERE key = ?",
                [.text(name)]
            ) { (try $0.integer(0), try $0.integer(1) == 1) }
        }
    }

    /// As if all waiting were over, and every lease.
    func passTime() async throws {
        try await database.write { session in
            try session.execute(
                "UPDATE work SET run_at = 0, leased_until = CASE WHEN leased_until > 0 THEN 1 ELSE 0 END")
        }
    }
}

@Suite("Jobs", .serialized)
struct JobRunnerTests {
    @Test(
        "what succeeds is gone, what fails waits, and one bad piece stops none beside it", arguments: TestDatabase.kinds
    )
    func beside(kind: TestDatabase.Kind) async throws {
        let world = try await JobWorld(kind)
        let opening = ScriptedOpening { name, _ in
            switch name {
            case "throws": throw ScriptedOpening.Fault()
            case "fails": .failed(reason: "The server is away.")
            default: .done
            }
        }
        try await world.ask("good", "throws", "fails", "better")
        #expect(await world.runner(opening).runOnce() == 4)
        for name in ["good", "better"] { #expect(try await world.state(name) == nil) }
        for name in ["throws", "fails"] {
            let state = try #require(try await world.state(name))
            #expect(!state.isDead && (1...6).contains(state.wait))
        }
        #expect(await world.runner(opening).runOnce() == 0)
        await world.server.close()
    }

    @Test(
        "what fails waits longer each time, is given up after twelve tries, and can be tried again",
        arguments: TestDatabase.kinds)
    func backoff(kind: TestDatabase.Kind) async throws {
        let world = try await JobWorld(kind)
        let opening = ScriptedOpening { _, count in count > 12 ? .done : .failed(reason: "The server is away.") }
        try await world.ask("a")
        let runner = world.runner(opening)
        var last: Int64 = 0
        for attempt in 1..<WorkQueue.attemptLimit {
            #expect(await runner.runOnce() == 1)
            let state = try #require(try await world.state("a"))
            let base = Int64(2) << min(attempt, 10)
            #expect(!state.isDead && (base / 2 - 1...base * 3 / 2).contains(state.wait), "try \(attempt)")
            if attempt == 8 { #expect(state.wait > last * 10) }
            if attempt == 1 { last = state.wait }
            try await world.passTime()
        }
        #expect(await runner.runOnce() == 1)
        #expect(try await world.state("a")?.isDead == true)
        #expect(try await world.queue.deadLetters().map(\.error) == ["The server is away."])
        try await world.passTime()
        #expect(await runner.runOnce() == 0)
        #expect(try await world.queue.replayDeadLetters() == 1)
        #expect(await runner.runOnce() == 1)
        #expect(try await world.state("a") == nil && opening.count("a") == 13)
        await world.server.close()
    }

    @Test(
        "work whose lease was lost is finished by whoever has it, not by the late worker", arguments: TestDatabase.kinds
    )
    func leaseLost(kind: TestDatabase.Kind) async throws {
        let world = try await JobWorld(kind)
        let queue = world.queue
        let taken = Mutex<LeasedWork?>(nil)
        // While the first worker is at it its lease ends, and another takes the work over.
        let opening = ScriptedOpening { _, _ in
            try await world.passTime()
            let next = try await queue.claim(kinds: [DelegatedRequest.kind], limit: 1, lease: 60).first
            taken.withLock { $0 = next }
            return .done
        }
        try await world.ask("a")
        #expect(await world.runner(opening).runOnce() == 1)
        // The late worker's end was refused: the work is still the other's.
        let other = try #require(taken.withLock { $0 })
        #expect(try await world.state("a") != nil)
        try await world.server.platform.database.write { try queue.complete(other, in: $0) }
        #expect(try await world.state("a") == nil)
        await world.server.close()
    }

    @Test("work that ends its worker is set aside at the third death; others are done", arguments: TestDatabase.kinds)
    func deadlyWork(kind: TestDatabase.Kind) async throws {
        let world = try await JobWorld(kind)
        try await world.ask("deadly")
        // A worker that dies neither finishes nor fails: all that is seen of it is a lease that ends.
        for _ in 0..<3 {
            #expect(try await world.queue.claim(kinds: [DelegatedRequest.kind], limit: 1, lease: 60).count == 1)
            try await world.passTime()
        }
        try await world.ask("good")
        let opening = ScriptedOpening { _, _ in .done }
        let runner = world.runner(opening)
        while await runner.runOnce() > 0 {}
        #expect(opening.count("deadly") == 0 && opening.count("good") == 1)
        #expect(try await world.state("deadly")?.isDead == true)
        #expect(try await world.queue.deadLetters().first?.error.contains("its worker ended 3 times") == true)
        await world.server.close()
    }

    @Test("two processes share the work and do each piece once", arguments: TestDatabase.kinds)
    func shared(kind: TestDatabase.Kind) async throws {
        let world = try await JobWorld(kind)
        let opening = ScriptedOpening { _, _ in .done }
        let names = (0..<60).map { "work-\($0)" }
        for name in names { try await world.ask(name) }
        let runners = [world.runner(opening), world.runner(opening)]
        await withTaskGroup(of: Void.self) { group in
            for runner in runners { group.addTask { while await runner.runOnce() > 0 {} } }
        }
        #expect(names.allSatisfy { opening.count($0) == 1 })
        await world.server.close()
    }
}
