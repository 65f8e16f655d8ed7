/// The one client for addresses that people typed. Every hop is resolved once, all its addresses are judged by the
/// policy, and the connection goes to one of the very addresses judged. Time, bytes and redirects are capped while they
/// arrive. Keeps connections for reuse; safe to share.
public final class GuardedClient: Sendable {
    public let policy: AddressPolicy
    public let limits: FetchLimits
    private let transport: Transport

    /// `extraCertificates` is a PEM file trusted beside the system's own.
    public init(
        policy: AddressPolicy = .publicOnly, limits: FetchLimits = .standard, extraCertificates: String? = nil,
        userAgent: String = "Anchorpoint"
    ) {
        (self.policy, self.limits) = (policy, limits)
        transport = Transport(
            limits: limits,
            settings: .init(policy: policy, extraCertificates: extraCertificates, userAgent: userAgent))
    }

    /// The answer, of any status, after redirects. Cancelling the task ends the transfer.
    public func send(_ request: FetchRequest) async throws(FetchFailure) -> FetchResponse {
        let deadline = ContinuousClock.now + limits.whole
        var hop = request
        for _ in 0...limits.redirects {
            if let fault = policy.fault(in: hop.address) { throw .invalidAddress(fault) }
            let answer = try await transport.send(hop, deadline: deadline)
            guard request.redirects == .follow, let next = try target(of: answer, from: hop.address) else {
                return answer
            }
            hop.address = next
            // 303 after POST means "GET it there" (RFC 9110 §15.4.4); WebDAV methods are sent again as they were.
            if answer.status == 303, hop.method == "POST" { (hop.method, hop.body) = ("GET", nil) }
        }
        throw .tooManyRedirects
    }

    private func target(of answer: FetchResponse, from address: WebAddress) throws(FetchFailure) -> WebAddress? {
        guard [301, 302, 303, 307, 308].contains(answer.status), let location = answer["Location"] else { return nil }
        do {
            let next = try address.resolving(location)
            guard address.scheme == .http || next.scheme == .https else { throw FetchFailure.redirectRefused }
            return next
        } catch { throw .redirectRefused }
    }
}
