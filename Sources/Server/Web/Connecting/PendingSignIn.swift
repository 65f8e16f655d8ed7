import Accounts
import CivilTime
import CronofyWire

/// A person on the way to a vendor and back: kept by their own browser, sealed, for some minutes.
struct PendingSignIn: Hashable, Sendable {
    /// What happens once they are back.
    enum Goal: Hashable, Sendable {
        /// The calendar joins this account.
        case account(AccountID)
        /// An application's request goes on, whose query this is.
        case authorization(query: String)
    }

    let vendor, state, verifier: String
    let goal: Goal
    let expiresAt: Instant

    /// Seconds.
    static let life: Int64 = 900
    /// Bytes of the cookie, which browsers keep up to 4,096 with its name.
    static let mostBytes = 3800
    private static let purpose = "cookies.pending-sign-in"

    /// Nil where an application's request is too long to be kept.
    func sealed(with key: SealingKey) -> Secret? {
        var members: [String: JSONValue] = [
            "vendor": .string(vendor), "state": .string(state), "verifier": .string(verifier),
            "expires": .integer(expiresAt.seconds),
        ]
        switch goal {
        case .account(let account): members["account"] = .string(account.value)
        case .authorization(let query): members["query"] = .string(query)
        }
        let text = String(decoding: JSONValue.object(members).bytes, as: UTF8.self)
        let value = Crypto.hex(key.seal(Secret(text), for: Self.purpose))
        return value.utf8.count > Self.mostBytes ? nil : Secret(value)
    }

    init(vendor: String, state: String, verifier: String, goal: Goal, expiresAt: Instant) {
        (self.vendor, self.state, self.verifier) = (vendor, state, verifier)
        (self.goal, self.expiresAt) = (goal, expiresAt)
    }

    /// Nil for what was not sealed here, and for what has run out.
    init?(_ cookie: Secret, key: SealingKey, now: Instant) {
        guard let bytes = Crypto.bytes(hex: cookie.reveal()) else { return nil }
        let text: String
        do { text = try key.open(bytes, for: Self.purpose).reveal() } catch { return nil }
        guard let members = JSONValue.members(of: Array(text.utf8)), let vendor = members["vendor"]?.text,
            let state = members["state"]?.text, let verifier = members["verifier"]?.text,
            let expires = members["expires"]?.whole(in: 0...253_402_300_799), Int64(expires) > now.seconds
        else { return nil }
        let goal: Goal
        if let account = members["account"]?.text {
            goal = .account(AccountID(account))
        } else if let query = members["query"]?.text {
            goal = .authorization(query: query)
        } else {
            return nil
        }
        self.init(
            vendor: vendor, state: state, verifier: verifier, goal: goal, expiresAt: Instant(seconds: Int64(expires)))
    }
}
