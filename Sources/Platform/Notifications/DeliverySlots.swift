/// Who may be sent to at the same time, so that a dead receiver delays nobody: each destination has few slots, a
/// destination that fails has one, and those that fail together never have more than half of all.
public struct DeliverySlots: Sendable {
    public let total: Int
    let perDestination: Int
    private var busy: [String: Int] = [:]
    private var failing: Set<String> = []

    public init(total: Int = 48, perDestination: Int = 4) {
        (self.total, self.perDestination) = (max(total, 2), max(perDestination, 1))
    }

    public var inUse: Int { busy.values.reduce(0, +) }
    public var isFull: Bool { inUse >= total }

    /// Takes a slot where there is one. `hasFailed`: the channel's last try failed.
    public mutating func take(_ destination: String, hasFailed: Bool) -> Bool {
        let isFailing = hasFailed || failing.contains(destination)
        let mine = busy[destination, default: 0]
        guard !isFull, mine < (isFailing ? 1 : perDestination) else { return false }
        if isFailing {
            let others = failing.reduce(0) { $0 + busy[$1, default: 0] }
            guard others < total / 2 else { return false }
            failing.insert(destination)
        }
        busy[destination] = mine + 1
        return true
    }

    /// Gives a slot back and learns from the try.
    public mutating func release(_ destination: String, succeeded: Bool) {
        busy[destination] = busy[destination].flatMap { $0 > 1 ? $0 - 1 : nil }
        if succeeded { failing.remove(destination) } else { failing.insert(destination) }
        // Idle destinations are forgotten when there are many; one try tells again.
        if failing.count > 10_000 { failing = failing.filter { busy[$0] != nil } }
    }

    /// Destinations for which no slot is left.
    public var saturated: [String] {
        busy.filter { $0.value >= (failing.contains($0.key) ? 1 : perDestination) }.map(\.key)
    }
}
