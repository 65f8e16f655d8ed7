/// A user's name and password, and where they may be sent. The client attaches them nowhere else, whoever asks.
public struct Credential: Hashable, Sendable, CustomStringConvertible {
    public let user: String
    public let password: Secret
    public let origin: Origin
    public let alsoFor: [SiteRule]

    /// `alsoFor` lists what a person confirmed or the operator set beside `origin`.
    public init(user: String, password: Secret, for origin: Origin, alsoFor: [SiteRule] = []) {
        (self.user, self.password, self.origin, self.alsoFor) = (user, password, origin, alsoFor)
    }

    /// Whether the password may be sent to `other`.
    public func mayGo(to other: Origin) -> Bool {
        other == origin || alsoFor.contains { $0.covers(other) }
    }

    public var description: String { "\(user):<redacted>" }
}

/// Text that is never printed.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that sends or seals it.
    public let revealed: String
    public init(_ text: String) { revealed = text }
    public var description: String { "<redacted>" }
    public var debugDescription: String { "<redacted>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
