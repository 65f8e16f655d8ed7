public import CivilTime
internal import CronofyWire

/// What a token endpoint gave. Prints nothing of it.
public struct SignInTokens: Hashable, Sendable, CustomStringConvertible {
    public var access: String
    /// Nil where none was given.
    public var refresh: String?
    public var expiresAt: Instant
    /// When the refresh token ends whatever happens, where the vendor says so: consents for a while, such as Google's
    /// while a registration is being tested.
    public var refreshEndsAt: Instant?
    /// What was allowed; the vendor may leave it out where it is what was asked.
    public var scopes: Set<String>

    public init(access: String, refresh: String?, expiresAt: Instant, scopes: Set<String>) {
        (self.access, self.refresh, self.expiresAt, self.scopes) = (access, refresh, expiresAt, scopes)
    }

    public var description: String { "<redacted>" }

    /// An answer of the token endpoint (RFC 6749 §5.1); nil where it is none.
    init?(answer: JSONValue, asked scopes: Set<String>, now: Instant) {
        guard let access = answer["access_token"]?.words else { return nil }
        // Without a lifetime: an hour, as both vendors give; a refusal before that renews it too.
        let life = answer["expires_in"]?.whole(in: 1...31_536_000) ?? 3600
        let end = now.advanced(bySeconds: Int64(life))
        self.init(
            access: access, refresh: answer["refresh_token"]?.words, expiresAt: end ?? now,
            scopes: answer["scope"]?.text.map { Set($0.split(separator: " ").map(String.init)) } ?? scopes)
        refreshEndsAt = answer["refresh_token_expires_in"]?.whole(in: 1...31_536_000).flatMap {
            now.advanced(bySeconds: Int64($0))
        }
    }

    /// As it is kept, sealed.
    public var stored: String {
        var members: [String: JSONValue] = [
            "access": .string(access), "expires": .integer(expiresAt.seconds),
            "scope": .string(scopes.sorted().joined(separator: " ")),
        ]
        members["refresh"] = refresh.map(JSONValue.string)
        members["refresh_ends"] = refreshEndsAt.map { .integer($0.seconds) }
        return String(decoding: JSONValue.object(members).bytes, as: UTF8.self)
    }

    /// Nil where it was not stored by this.
    public init?(stored text: String) {
        guard let members = JSONValue.members(of: Array(text.utf8)), let access = members["access"]?.text,
            let expires = members["expires"]?.whole(in: 0...253_402_300_799)
        else { return nil }
        self.init(
            access: access, refresh: members["refresh"]?.words, expiresAt: Instant(seconds: Int64(expires)),
            scopes: Set((members["scope"]?.text ?? "").split(separator: " ").map(String.init)))
        refreshEndsAt = members["refresh_ends"]?.whole(in: 0...253_402_300_799).map { Instant(seconds: Int64($0)) }
    }
}
