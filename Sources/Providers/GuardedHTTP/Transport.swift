internal import CCurl
internal import Synchronization

/// Runs single hops: waits for a connection's turn, takes the blocking work off the cooperative pool, and keeps easy
/// handles, with their live connections, for the next request to the same host.
final class Transport: Sendable {
    struct Settings: Sendable {
        let policy: AddressPolicy
        let extraCertificates: String?
        let userAgent: String
    }

    private let limits: FetchLimits
    private let settings: Settings
    private let gate: ConnectionGate
    private let handles: HandlePool
    private let schemes = Mutex<[Origin: PasswordScheme]>([:])

    init(limits: FetchLimits, settings: Settings) {
        (self.limits, self.settings) = (limits, settings)
        gate = ConnectionGate(perHost: limits.connectionsPerHost, total: limits.connections)
        handles = HandlePool(capacity: limits.connections)
    }

    func send(_ request: FetchRequest, deadline: ContinuousClock.Instant) async throws(FetchFailure) -> FetchResponse {
        guard let credential = request.credential, credential.mayGo(to: request.address.origin) else {
            return try await perform(request, password: nil, deadline: deadline)
        }
        let origin = request.address.origin
        let known = schemes.withLock { $0[origin] }
        // At once, not after a challenge: a server that also serves strangers would show their view instead.
        let first = known ?? .basic
        let answer = try await perform(request, password: (first, credential), deadline: deadline)
        guard answer.status == 401, known == nil else { return answer }
        guard let offered = PasswordScheme.preferred(in: answer.headers), offered != first else { return answer }
        let second = try await perform(request, password: (offered, credential), deadline: deadline)
        if second.status != 401 { remember(offered, for: origin) }
        return second
    }

    private func remember(_ scheme: PasswordScheme, for origin: Origin) {
        schemes.withLock {
            if $0.count >= 10_000 { $0.removeAll() }
            $0[origin] = scheme
        }
    }

    private func perform(
        _ request: FetchRequest, password: (PasswordScheme, Credential)?, deadline: ContinuousClock.Instant
    ) async throws(FetchFailure) -> FetchResponse {
        let host = request.address.host
        guard await gate.enter(host) else { throw .cancelled }
        let flag = CancellationFlag()
        var limits = limits
        if let firstByte = request.firstByte { limits.firstByte = firstByte }
        let hop = Hop(request: request, password: password, deadline: deadline, limits: limits, settings: settings)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // The gate bounds how many threads there are.
                let isRunning = BlockingThread.run { [handles] in
                    continuation.resume(returning: hop.run(on: handles, until: flag))
                }
                if !isRunning { continuation.resume(returning: .failure(.notReached)) }
            }
        } onCancel: {
            flag.raise()
        }
        await gate.leave(host)
        return try result.get()
    }
}

/// How a password is presented. Digest only where it must be: Basic over TLS is what every server does right.
enum PasswordScheme: Hashable, Sendable {
    case basic, digest

    /// What a 401 offers (RFC 9110 §11.6.1); a server that names nothing may still take Basic.
    static func preferred(in headers: [Header]) -> PasswordScheme? {
        let challenges = headers.filter { $0.name.lowercased() == "www-authenticate" }.map { $0.value.lowercased() }
        if challenges.isEmpty || challenges.contains(where: { offers("basic", in: $0) }) { return .basic }
        return challenges.contains { offers("digest", in: $0) } ? .digest : nil
    }

    /// A scheme's name begins the field or follows a comma.
    private static func offers(_ scheme: String, in field: String) -> Bool {
        field.split(separator: ",").contains { part in
            let word = part.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            return word == scheme
        }
    }
}

/// Raised when the task that waits is cancelled; read by the transfer at least once a second.
final class CancellationFlag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .relaxed) }
    func raise() { value.store(true, ordering: .relaxed) }
}
