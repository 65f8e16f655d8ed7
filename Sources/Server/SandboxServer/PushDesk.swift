internal import CivilTime
internal import GuardedHTTP
internal import SandboxKit

/// Sends notices to those who watch, in order, or as a fault says.
actor PushDesk {
    private let faults: FaultDesk
    private let client: GuardedClient
    /// The notice before, so that they arrive in order.
    private var last: Task<Void, Never>?
    /// Held back until the one after it is sent.
    private var held: [SandboxPush] = []

    /// Tries of one notice, with a second between them.
    private static let tries = 3

    init(faults: FaultDesk, client: GuardedClient) { (self.faults, self.client) = (faults, client) }

    func send(_ pushes: [SandboxPush], vendor: String, person: String) {
        for push in pushes {
            switch faults.pushes(vendor: vendor, person: person) {
            case .word(.lose): break
            case .word(.deliver): enqueue(push)
            case .word(.duplicate):
                enqueue(push)
                enqueue(push)
            case .word(.reorder):
                if held.isEmpty {
                    held = [push]
                } else {
                    enqueue(push)
                    for earlier in held { enqueue(earlier) }
                    held = []
                }
            case .delay(let milliseconds): enqueue(push, after: .milliseconds(milliseconds))
            }
        }
    }

    /// Outlives the request that caused it: the vendors too answer first and tell then.
    private func enqueue(_ push: SandboxPush, after delay: Duration = .zero) {
        let (before, client) = (last, client)
        last = Task {
            await before?.value
            do {
                try await Task.sleep(for: delay)
                for _ in 0..<Self.tries {
                    if try await Self.post(push, client) < 500 { return }
                    try await Task.sleep(for: .seconds(1))
                }
            } catch { return }  // Nobody there: as at the vendors, the notice is lost.
        }
    }

    private static func post(_ push: SandboxPush, _ client: GuardedClient) async throws -> Int {
        let request = FetchRequest(
            "POST", try WebAddress(parsing: push.address), headers: push.headers.map { Header($0.key, $0.value) },
            body: push.body, redirects: .never)
        return try await client.send(request).status
    }

    /// Whether the address says back what it was asked to.
    func answers(_ handshake: SandboxHandshake) async -> Bool {
        do {
            let request = FetchRequest(
                "POST", try WebAddress(parsing: handshake.address), headers: [Header("Content-Type", "text/plain")],
                body: [], redirects: .never)
            let answer = try await client.send(request)
            return answer.status == 200 && String(decoding: answer.body, as: UTF8.self) == handshake.answer
        } catch { return false }
    }
}
