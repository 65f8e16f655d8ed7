import Accounts
import CronofyWire
import Events
import HTTPTypes
import ProviderKit
import Support
import Testing

@testable import App

/// What a calendar server answers a write, and what happens next. How statuses become these failures stands in
/// CalDAVTests.
struct PushAnswer: Sendable, CustomTestStringConvertible {
    enum Next: Hashable, Sendable {
        case written
        /// Tried again by itself after so many seconds, at the first, second and twentieth try.
        case waits([Int64])
        case refused
    }

    let testDescription: String
    let failures: [RemoteFailure]
    let next: Next

    static let all = [
        PushAnswer(testDescription: "2xx", failures: [], next: .written),
        PushAnswer(testDescription: "404: the calendar is gone", failures: [.gone], next: .refused),
        PushAnswer(
            testDescription: "403", failures: [.refused(status: 403, reason: "It is not allowed.")], next: .refused),
        PushAnswer(
            testDescription: "409 with a reason", failures: [.refused(status: 409, reason: "It does not fit.")],
            next: .refused),
        PushAnswer(testDescription: "409 or 412 without one", failures: [.conflict], next: .written),
        PushAnswer(
            testDescription: "429 or 503 with Retry-After: 7", failures: [.throttled(retryAfter: .seconds(7))],
            next: .waits([7, 7, 7])),
        PushAnswer(
            testDescription: "429 that asks for a day", failures: [.throttled(retryAfter: .seconds(86_400))],
            next: .waits([3600, 3600, 3600])),
        PushAnswer(
            testDescription: "429 without a time", failures: [.throttled(retryAfter: nil)], next: .waits([2, 4, 3600])),
        PushAnswer(
            testDescription: "423, 5xx or a cut connection", failures: [.unreachable(reason: "It is away.")],
            next: .waits([2, 4, 3600])),
        PushAnswer(
            testDescription: "401", failures: [.authorizationLost(reason: "The password is refused.")],
            next: .waits([301, 301, 301])),
        PushAnswer(
            testDescription: "412 while it changes again and again", failures: [.conflict, .conflict, .conflict],
            next: .waits([2])),
    ]
}

@Suite("What a calendar server answers to a write, and what happens next", .serialized)
struct PushTableTests {
    @Test("creating", arguments: PushAnswer.all)
    func creating(answer: PushAnswer) async throws {
        let world = try await WriteWorld()
        try await world.upsert("trip", summary: "Trip")
        try await check(answer, world)
        await world.close()
    }

    @Test("changing what was written before", arguments: PushAnswer.all)
    func changing(answer: PushAnswer) async throws {
        let world = try await WriteWorld()
        try await world.upsert("trip", summary: "Before")
        #expect(try await world.push() == .done)
        try await world.upsert("trip", summary: "Trip")
        try await check(answer, world)
        await world.close()
    }

    private func check(_ answer: PushAnswer, _ world: WriteWorld) async throws {
        let steps = answer.failures.map(ScriptedProvider.Step.fail)
        switch answer.next {
        case .written:
            world.provider.script(steps)
            #expect(try await world.push() == .done)
            #expect(try await world.states() == ["Trip": "written"])
        case .refused:
            world.provider.script(steps)
            guard case .failed(let reason, nil) = try await world.push() else {
                Issue.record("it was not given up")
                return
            }
            #expect(!reason.isEmpty)
            #expect(try await world.states() == ["Trip": "refused"])
        case .waits(let seconds):
            for (attempt, wait) in zip([1, 2, 20], seconds) {
                world.provider.script(steps)
                guard case .failed(_, let retry?) = try await world.push(attempt: Int64(attempt)) else {
                    Issue.record("it was not given back at try \(attempt)")
                    return
                }
                #expect(retry == wait, "at try \(attempt)")
                #expect(try await world.states() == ["Trip": "pending"])
            }
            // And then it arrives, once the server takes it.
            world.provider.script([])
            #expect(try await world.push() == .done)
            #expect(try await world.states() == ["Trip": "written"])
        }
    }

    @Test("deleting what is gone, or was changed meanwhile, is done; what is refused stands again")
    func deleting() async throws {
        for (failures, isDone) in [
            ([], true), ([.gone], true), ([.conflict], true), ([.refused(status: 403, reason: "No.")], false),
        ] as [([RemoteFailure], Bool)] {
            let world = try await WriteWorld()
            try await world.upsert("trip", summary: "Trip")
            #expect(try await world.push() == .done)
            try await world.write(.delete, ["event_id": .string("trip")])
            world.provider.script(failures.map(ScriptedProvider.Step.fail))
            let outcome = try await world.push()
            #expect(isDone ? outcome == .done : outcome == .failed(reason: "No.", retryAfter: nil))
            #expect(try await world.states().isEmpty == isDone)
            await world.close()
        }
    }
}
