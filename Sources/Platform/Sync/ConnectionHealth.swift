public import Accounts
public import CivilTime
public import ProviderKit

extension Profile.Connection {
    /// How far apart two refusals of a credential must be before the profile counts as disconnected: a provider that
    /// is restarting its sign-in refuses for a moment, and hammering it locks accounts.
    static let refusalSpacing: Int64 = 300

    /// The connection after a read that worked.
    public func succeeded(now: Instant) -> Profile.Connection {
        guard state != .connected || cause != nil else { return self }
        return .init(state: .connected, cause: nil, explanation: nil, since: now, failures: 0)
    }

    /// The connection after `failure`: failing first; disconnected only when the credential was refused twice, some
    /// minutes apart, or once where the provider is known to mean it (`isFinal`).
    public func failed(_ failure: RemoteFailure, now: Instant, isFinal: Bool) -> Profile.Connection {
        let (cause, text) = failure.causeAndText
        let isSame = self.cause == cause && state != .connected
        let began = isSame ? since : now
        let isRepeated = isSame && now.seconds - since.seconds >= Self.refusalSpacing
        let isOver = cause == .authorizationLost && (isFinal || isRepeated || state == .disconnected)
        return .init(
            state: isOver ? .disconnected : .failing, cause: cause, explanation: text, since: began,
            failures: failures + 1)
    }
}

extension RemoteFailure {
    /// The sentence for people.
    public var explanation: String { causeAndText.1 }

    var causeAndText: (Profile.Connection.Cause, String) {
        switch self {
        case .authorizationLost(let reason): (.authorizationLost, reason)
        case .throttled: (.throttled, "The calendar service asked us to slow down; we will try again by ourselves.")
        case .refused(_, let reason): (.refused, reason)
        case .unreachable(let reason): (.unreachable, reason)
        case .gone: (.refused, "The calendar is no longer there.")
        case .conflict: (.refused, "The calendar changed while it was being written.")
        case .cursorExpired: (.unreachable, "The calendar service lost track of changes; we will read it anew.")
        }
    }

    /// Seconds until the next try after `failures` in a row: doubling from `first` to an hour, or what the provider asked,
    /// at least a second. `spread` is a random number from 0 to 1 that keeps many from trying at once.
    public func retryDelay(failures: Int64, spread: Double, first: Int64 = 30) -> Int64 {
        if case .throttled(let wish?) = self { return min(max(wish.components.seconds, 1), 3600) }
        if case .authorizationLost = self { return Profile.Connection.refusalSpacing + 1 }
        let base = max(first, 1) << min(max(failures - 1, 0), 12)
        return min(Int64(Double(base) * (0.75 + 0.5 * spread)), 3600)
    }
}
