internal import CCurl
internal import Glibc

/// One request to one address, without redirects: resolve, judge, pin, transfer.
struct Hop: Sendable {
    let request: FetchRequest
    let password: (scheme: PasswordScheme, credential: Credential)?
    let deadline: ContinuousClock.Instant
    let limits: FetchLimits
    let settings: Transport.Settings

    init(
        request: FetchRequest, password: (PasswordScheme, Credential)?, deadline: ContinuousClock.Instant,
        limits: FetchLimits, settings: Transport.Settings
    ) {
        (self.request, self.deadline, self.limits, self.settings) = (request, deadline, limits, settings)
        self.password = password.map { (scheme: $0.0, credential: $0.1) }
    }

    /// Blocks until the answer is whole, a limit is passed or `flag` is raised.
    func run(on handles: HandlePool, until flag: CancellationFlag) -> Result<FetchResponse, FetchFailure> {
        do throws(FetchFailure) {
            let addresses = Resolver.addresses(of: request.address.host)
            guard !addresses.isEmpty else { throw .notReached }
            try settings.policy.check(request.address, at: addresses)
            return .success(try transfer(to: addresses, on: handles, until: flag))
        } catch {
            return .failure(error)
        }
    }

    private func transfer(
        to addresses: [IPAddress], on handles: HandlePool, until flag: CancellationFlag
    ) throws(FetchFailure) -> FetchResponse {
        let origin = request.address.origin
        guard let handle = handles.take(for: origin) else { throw .notReached }
        var transfer = Transfer(self, admitted: addresses, flag: flag)
        var code = try transfer.perform(on: handle, freshConnection: false)
        // A server may close an idle connection at the moment it is used again: that says nothing about the request.
        if transfer.wasCutOffOnReuse(code, handle) {
            transfer = Transfer(self, admitted: addresses, flag: flag)
            code = try transfer.perform(on: handle, freshConnection: true)
        }
        let answer = try transfer.answer(for: code, handle)
        handles.give(handle, for: origin)
        return answer
    }
}
