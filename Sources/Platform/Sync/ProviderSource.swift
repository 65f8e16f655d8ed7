public import Accounts
public import ProviderKit

/// Where connectors come from. The server registers each under its name; the platform knows none of them.
public protocol ProviderSource: Sendable {
    /// The connector for `profile`. Throws where the profile names a provider that is not registered.
    func provider(for profile: Profile, credential: Secret?) throws -> any CalendarProvider
    func traits(of provider: ProviderName) -> ProviderTraits
}

/// What differs between providers and is not the connector's own business.
public struct ProviderTraits: Hashable, Sendable {
    /// `provider_name` and `provider_service` on the wire.
    public var wireName: String
    public var wireService: String
    /// One refused credential is final (a provider that locks accounts).
    public var refusalIsFinal: Bool
    /// Seconds between looks for changes; nil where we are told of every change.
    public var pollInterval: Int64?
    /// The application may change events it did not create.
    public var isUnrestricted: Bool

    public init(
        wireName: String, wireService: String, refusalIsFinal: Bool = false, pollInterval: Int64?,
        isUnrestricted: Bool = false
    ) {
        (self.wireName, self.wireService, self.refusalIsFinal) = (wireName, wireService, refusalIsFinal)
        (self.pollInterval, self.isUnrestricted) = (pollInterval, isUnrestricted)
    }
}
