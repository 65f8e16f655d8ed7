public import CivilTime
internal import CronofyWire
public import SandboxKit
internal import Synchronization

/// One account that answers as Google Calendar does. Safe to share; every request is answered whole before the next.
public final class CalendarSandbox: Sendable {
    let state = Mutex(SandboxState())
    /// The primary calendar, named by the account's address as at Google.
    public let primary: String
    public let displayName: String

    /// An account with one calendar of its own, reached with `token`.
    /// - Parameter now: what channels end by.
    public init(
        token: String? = nil, address: String = "guide@gmail.example", name: String = "Anna Guide",
        zone: String = "Europe/Berlin", now: (@Sendable () -> Instant)? = nil
    ) {
        (primary, displayName) = (address, name)
        state.withLock { state in
            state.tokens = Set([token].compactMap { $0 })
            state.zone = zone
            if let now { state.now = now }
            _ = state.addCalendar(address, ["summary": .string(name), "primary": .bool(true)])
        }
    }

    /// The answer to one request, whose path begins at `/calendar/v3`, and whose token is one of ours.
    public func answer(_ request: SandboxRequest) -> SandboxResponse {
        let isGood = state.withLock { $0.tokens.contains(request.bearer ?? "") }
        return isGood ? serve(request) : GoogleRefusal(401, "authError").response
    }

    /// The answer to a request whose token was found good already.
    public func serve(_ request: SandboxRequest) -> SandboxResponse {
        state.withLock { state in
            do throws(GoogleRefusal) { return try state.answer(request) } catch { return error.response }
        }
    }

    /// `sendUpdates` of each write, in order.
    public var mail: [String] { state.withLock { $0.mail } }

    // Faults, and edits of somebody else's.

    /// No cursor given so far is known any more.
    public func expireCursors() { state.withLock { ($0.syncTokens, $0.listings) = ([:], [:]) } }

    /// No token is accepted any more but these.
    public func accept(only tokens: [String]) { state.withLock { $0.tokens = Set(tokens) } }

    /// The next answers, in place of what they would be.
    public func fail(next answers: [(status: Int, reason: String)], retryAfter: Int? = nil) {
        let headers = retryAfter.map { ["retry-after": String($0)] } ?? [:]
        state.withLock { $0.faults += answers.map { GoogleRefusal($0.status, $0.reason, headers: headers) } }
    }

    /// Takes back the failures still to come.
    public func heal() { state.withLock { $0.faults = [] } }

    /// A further calendar of the account; its id.
    public func addCalendar(named name: String) -> String {
        state.withLock { state in
            let id = "c\(state.nextSequence())@group.calendar.google.com"
            return state.addCalendar(id, ["summary": .string(name)]).id
        }
    }

    public func makeReadOnly(_ calendar: String) {
        state.withLock { state in
            for place in state.calendars.indices where state.calendars[place].id == calendar {
                state.calendars[place].members["accessRole"] = .string("reader")
            }
        }
    }

    /// Creates, or replaces, the event whose `iCalUID` is `uid`, as a person would; its id, or nil where it is refused.
    /// - Parameter json: an `event` as it is sent to Google.
    public func write(_ json: [UInt8], uid: String, in calendar: String) -> String? {
        state.withLock { state in
            do throws(GoogleRefusal) {
                let json = try SandboxState.object(json)
                let held = state.rows[calendar]?.values.first { row in
                    row.master == nil && !row.isCancelled && (row.iCalUID == .string(uid) || row.ownUID == uid)
                }
                guard var row = held else { return try state.insert(json, iCalUID: uid, in: calendar).id }
                SandboxState.merge(json, into: &row.members)
                return try state.store(row).id
            } catch { return nil }
        }
    }

    public func remove(uid: String) {
        state.withLock { state in
            for row in state.rows.values.flatMap(\.values) where row.master == nil && !row.isCancelled {
                if row.iCalUID == .string(uid) || row.ownUID == uid { state.delete(row) }
            }
        }
    }

    /// Adds an event whose start is no time.
    public func poison(in calendar: String) {
        state.withLock { state in
            let time: JSONValue = .object(["dateTime": .string("soon")])
            let row = SandboxRow(
                id: "poison", calendar: calendar,
                members: ["status": .string("confirmed"), "start": time, "end": time, "iCalUID": .string("poison")],
                sequence: state.nextSequence())
            state.rows[calendar]?[row.id] = row
        }
    }
}

extension SandboxRow {
    /// What the writer of an event put in a private property of it.
    fileprivate var ownUID: String? {
        guard case .object(let values)? = members["extendedProperties"]?["private"] else { return nil }
        return values.values.lazy.compactMap { if case .string(let text) = $0 { text } else { nil } }.first
    }
}
