internal import Synchronization

/// What is to go wrong, and has not yet. Safe to share.
public final class FaultDesk: Sendable {
    private struct Waiting {
        let order: FaultOrder
        let fault: AnswerFault
        var times: Int
    }

    private struct State {
        var waiting: [Waiting] = []
        var pushes: [(order: FaultOrder, fault: PushFault)] = []
        var skew = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// Seconds by which the clock runs ahead.
    public var skew: Int { state.withLock { $0.skew } }

    public func set(skew seconds: Int) { state.withLock { $0.skew = seconds } }

    public func add(_ order: FaultOrder, _ fault: AnswerFault, times: Int) {
        state.withLock { $0.waiting.append(Waiting(order: order, fault: fault, times: times)) }
    }

    public func set(_ order: FaultOrder, pushes fault: PushFault) {
        state.withLock { state in
            state.pushes.removeAll { $0.order.vendor == order.vendor && $0.order.person == order.person }
            state.pushes.append((order, fault))
        }
    }

    public func heal() { state.withLock { $0 = State() } }

    /// What this request's answer is to be; used up by that. An order that names no path is about calendars only.
    public func next(vendor: String, person: String?, purpose: SandboxPurpose, path: String) -> AnswerFault? {
        state.withLock { state in
            let place = state.waiting.firstIndex { waiting in
                waiting.order.holds(vendor, person, path) && (waiting.order.path != nil || purpose == .calendar)
            }
            guard let place else { return nil }
            let fault = state.waiting[place].fault
            state.waiting[place].times -= 1
            if state.waiting[place].times == 0 { state.waiting.remove(at: place) }
            return fault
        }
    }

    /// What becomes of a notice about `person`; the latest order that fits counts.
    public func pushes(vendor: String, person: String) -> PushFault {
        state.withLock { $0.pushes.last { $0.order.holds(vendor, person, "") }?.fault ?? .word(.deliver) }
    }

    /// What still waits, in words.
    public var words: [String] {
        state.withLock { state in
            state.waiting.map { "\($0.fault), \($0.times) times" } + state.pushes.map { "notices: \($0.fault)" }
                + (state.skew == 0 ? [] : ["clock ahead by \(state.skew) s"])
        }
    }
}

extension FaultOrder {
    fileprivate func holds(_ vendor: String, _ person: String?, _ path: String) -> Bool {
        (self.vendor == nil || self.vendor == vendor)
            && (self.person == nil || self.person?.lowercased() == person?.lowercased())
            && (self.path.map { path.contains($0) } ?? true)
    }
}
