public import CivilTime
internal import CronofyWire
public import SandboxKit
internal import Synchronization

/// One mailbox that answers as Microsoft Graph does. Safe to share; every request is answered whole before the next.
public final class GraphSandbox: Sendable {
    let state = Mutex(SandboxState())

    /// An account with one calendar of its own, reached with `token`; `base` begins the links it gives.
    /// - Parameter now: what subscriptions end by.
    public init(
        token: String? = nil, address: String = "guide@outlook.example", name: String = "Anna Guide",
        zone: String = "W. Europe Standard Time", base: String = "https://graph.microsoft.com/v1.0",
        calendar: String = "Calendar", now: (@Sendable () -> Instant)? = nil
    ) {
        state.withLock { state in
            state.tokens = Set([token].compactMap { $0 })
            (state.address, state.displayName, state.zone, state.base) = (address, name, zone, base)
            if let now { state.now = now }
            _ = state.addCalendar(calendar, isDefault: true)
        }
    }

    public var defaultCalendar: String { "CAL/1=" }

    /// A further calendar of the mailbox; its id.
    public func addCalendar(named name: String) -> String { state.withLock { $0.addCalendar(name).id } }

    /// The answer to one request whose token is one of ours.
    public func answer(_ request: SandboxRequest) -> SandboxResponse {
        let isGood = state.withLock { $0.tokens.contains(request.bearer ?? "") }
        return isGood ? serve(request) : SandboxRefusal(401, "InvalidAuthenticationToken").response
    }

    /// The answer to a request whose token was found good already.
    public func serve(_ request: SandboxRequest) -> SandboxResponse {
        state.withLock { state in
            var request = request
            if request.target.hasPrefix("/v1.0/") { request.target.removeFirst("/v1.0".count) }
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
