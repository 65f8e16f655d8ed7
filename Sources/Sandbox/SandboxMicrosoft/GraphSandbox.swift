internal import CivilTime
internal import CronofyWire
public import SandboxKit
internal import Synchronization

/// One mailbox that answers as Microsoft Graph does. Safe to share; every request is answered whole before the next.
public final class GraphSandbox: Sendable {
    let state = Mutex(SandboxState())

    /// An account with one calendar of its own, reached with `token`; `base` begins the links it gives.
    public init(
        token: String, address: String = "guide@outlook.example", base: String = "https://graph.microsoft.com/v1.0"
    ) {
        state.withLock { state in
            (state.tokens, state.address, state.base) = ([token], address, base)
            _ = state.addCalendar("Calendar", isDefault: true)
        }
    }

    public var defaultCalendar: String { "CAL/1=" }

    /// The answer to one request.
    public func answer(_ request: SandboxRequest) -> SandboxResponse {
        state.withLock { state in
            do throws(SandboxRefusal) { return try state.answer(request) } catch { return error.response }
        }
    }

    // Faults, and edits of somebody else's.

    /// No cursor given so far is known any more.
    public func expireCursors() { state.withLock { $0.rounds = [:] } }

    /// No token is accepted any more but these.
    public func accept(only tokens: [String]) { state.withLock { $0.tokens = Set(tokens) } }

    /// The next answers, in place of what they would be.
    public func fail(next responses: [(status: Int, code: String)]) {
        state.withLock { $0.faults += responses.map { SandboxRefusal($0.status, $0.code) } }
    }

    public func makeReadOnly(_ calendar: String) { _ = state.withLock { $0.readOnly.insert(calendar) } }

    /// Creates, or replaces, the event whose `iCalUId` is `uid`, as a person would in Outlook; its id.
    /// - Parameter json: an `event` as it is sent to Graph.
    public func write(_ json: [UInt8], uid: String, in calendar: String) -> String? {
        state.withLock { state in
            do { return try state.write(try state.json(json), uid: uid, in: calendar) } catch { return nil }
        }
    }

    public func remove(uid: String) { state.withLock { $0.remove(uid: uid) } }

    /// Adds an event whose start is no time.
    public func poison(in calendar: String) { state.withLock { $0.poison(in: calendar) } }
}
