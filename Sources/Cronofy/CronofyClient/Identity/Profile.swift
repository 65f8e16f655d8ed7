/// Whose software keeps a calendar account.
public struct ProviderName: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let apple: Self = "apple"
    public static let cronofy: Self = "cronofy"
    public static let exchange: Self = "exchange"
    public static let google: Self = "google"
    public static let liveConnect: Self = "live_connect"
}

/// One connection of an account to a provider.
public struct Profile: Hashable, Sendable, AnswerReadable {
    public let id: String
    public let name: String
    public let providerName: ProviderName
    /// Finer than the name: `gsuite`, `office365`, `outlook_com`, `icloud` and the like.
    public let providerService: String?
    public let isConnected: Bool
    /// Until the first sync has ended.
    public let needsInitialSync: Bool
    /// Where the person connects it again; only while it is not connected.
    public let relinkURL: String?

    init(reading answer: AnswerReader) throws(CronofyError) {
        id = try answer.text("profile_id")
        name = try answer.optionalText("profile_name") ?? ""
        providerName = ProviderName(rawValue: try answer.text("provider_name"))
        providerService = try answer.optionalText("provider_service")
        isConnected = try answer.optionalFlag("profile_connected") ?? true
        needsInitialSync = try answer.optionalFlag("profile_initial_sync_required") ?? false
        relinkURL = try answer.optionalText("profile_relink_url")
    }
}
