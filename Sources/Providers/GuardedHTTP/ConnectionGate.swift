/// Lets requests through in their order, so many to one host and so many in all.
actor ConnectionGate {
    private struct Waiter {
        let number: Int
        let host: String
        let turn: CheckedContinuation<Bool, Never>
    }

    private let perHost, total: Int
    private var busy: [String: Int] = [:]
    private var busyInAll = 0
    private var waiting: [Waiter] = []
    private var lastNumber = 0

    init(perHost: Int, total: Int) { (self.perHost, self.total) = (max(perHost, 1), max(total, 1)) }

    /// Waits for a turn; false where the task was cancelled, and then there is nothing to leave.
    func enter(_ host: String) async -> Bool {
        if Task.isCancelled { return false }
        if hasRoom(for: host) {
            take(host)
            return true
        }
        lastNumber &+= 1  // wraps after 2^63 requests
        let number = lastNumber
        return await withTaskCancellationHandler {
            await withCheckedContinuation { turn in
                guard !Task.isCancelled else { return turn.resume(returning: false) }
                waiting.append(Waiter(number: number, host: host, turn: turn))
            }
        } onCancel: {
            Task { await self.forget(number) }
        }
    }

    func leave(_ host: String) {
        busyInAll -= 1
        busy[host] = busy[host].flatMap { $0 > 1 ? $0 - 1 : nil }
        guard let next = waiting.firstIndex(where: { hasRoom(for: $0.host) }) else { return }
        let waiter = waiting.remove(at: next)
        take(waiter.host)
        waiter.turn.resume(returning: true)
    }

    private func hasRoom(for host: String) -> Bool { busyInAll < total && busy[host, default: 0] < perHost }

    private func take(_ host: String) {
        busyInAll += 1
        busy[host, default: 0] += 1
    }

    private func forget(_ number: Int) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).turn.resume(returning: false)
    }
}
