/// Where an application lives. Accounts, applications and tokens belong to one data center and are unknown in the others.
public struct DataCenter: Hashable, Sendable {
    /// `us`, `uk`, `de`, `au`, `ca`, `sg`, or nil for a server named by address.
    public let region: String?
    /// Where API calls go, such as `https://api.cronofy.com`; no slash at its end.
    public let apiURL: String
    /// Where people are sent to link calendars, such as `https://app.cronofy.com`; no slash at its end.
    public let appURL: String

    public static let us = DataCenter(hosted: "us", suffix: "")
    public static let uk = DataCenter(hosted: "uk", suffix: "-uk")
    public static let de = DataCenter(hosted: "de", suffix: "-de")
    public static let au = DataCenter(hosted: "au", suffix: "-au")
    public static let ca = DataCenter(hosted: "ca", suffix: "-ca")
    public static let sg = DataCenter(hosted: "sg", suffix: "-sg")

    /// All data centers of the hosted service.
    public static let hosted: [DataCenter] = [.us, .uk, .de, .au, .ca, .sg]

    /// The hosted data center named `region` in any case; nil where there is none.
    public init?(region: String) {
        guard let match = DataCenter.hosted.first(where: { $0.region == region.lowercased() }) else { return nil }
        self = match
    }

    /// A server of one's own, which answers pages and calls at one address, such as `http://127.0.0.1:8080`.
    public init(server url: String) { self.init(apiURL: url, appURL: url) }

    /// A server whose pages and calls have an address each.
    public init(apiURL: String, appURL: String) {
        (region, self.apiURL, self.appURL) = (nil, DataCenter.trimmed(apiURL), DataCenter.trimmed(appURL))
    }

    private init(hosted region: String, suffix: String) {
        self.region = region
        apiURL = "https://api\(suffix).cronofy.com"
        appURL = "https://app\(suffix).cronofy.com"
    }

    private static func trimmed(_ url: String) -> String {
        url.hasSuffix("/") ? String(url.dropLast()) : url
    }
}
