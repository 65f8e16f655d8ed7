import Accounts
import Authorization
import CalDAV
import CivilTime
import Google
import GuardedHTTP
import ICSFeed
import Microsoft
import Native
import ProviderKit
import SignInKit
import StorageKit
import Sync

/// The connectors of this server, one line each: adding a provider means a folder under Providers and a line here.
struct ProviderRegistry: ProviderSource {
    let database: any Database
    let client: GuardedClient
    let reader: ItemReader
    let now: @Sendable () -> Instant
    /// Those that people sign in with, by name.
    var vendors: [String: VendorConnection] = [:]
    let keeper: GrantKeeper

    static let native = ProviderName("native")
    static let icsFeed = ProviderName("ics")

    /// The names people may give, in the order they are offered.
    static let names = ["caldav", "icloud", "ics", "native"]

    func traits(of provider: ProviderName) -> ProviderTraits {
        switch provider.value {
        case "native":
            ProviderTraits(wireName: "cronofy", wireService: "cronofy", pollInterval: nil, isUnrestricted: true)
        case "icloud":
            ProviderTraits(wireName: "apple", wireService: "icloud", refusalIsFinal: true, pollInterval: 300)
        case "google":
            ProviderTraits(wireName: "google", wireService: "gmail", refusalIsFinal: true, pollInterval: 300)
        case "microsoft":
            ProviderTraits(wireName: "office365", wireService: "office365", refusalIsFinal: true, pollInterval: 300)
        case "ics": ProviderTraits(wireName: "ics", wireService: "ics", pollInterval: 900)
        default: ProviderTraits(wireName: "caldav", wireService: "caldav", pollInterval: 300)
        }
    }

    func provider(for profile: Profile, credential: Accounts.Secret?) throws -> any CalendarProvider {
        switch profile.provider.value {
        case "native":
            NativeProvider(
                identity: profile.identity, displayName: profile.name,
                store: DatabaseNativeStore(database: database, account: profile.account), reader: reader)
        case "ics":
            // A feed's address is often its secret, so the sealed one is the address.
            ICSFeedProvider(
                address: try WebAddress(parsing: credential?.reveal() ?? profile.address), client: client,
                reader: reader, now: now)
        case "caldav", "icloud", AuthorizationDesk.domainProvider.value:
            try calDAV(
                ProfileLinker.Link(
                    provider: profile.provider, address: profile.address, username: profile.username,
                    credential: credential))
        case let name where VendorSettings.vendors.contains(name):
            try vendor(name) { KeptToken(keeper: keeper, profile: profile, signIn: $0) }
        default:
            throw OperationFailure(.configuration, "no connector is registered for '\(profile.provider.value)'")
        }
    }

    /// An account at a vendor, whose requests `tokens` sign.
    func vendor(_ name: String, _ tokens: (SignInClient) -> some AccessTokens) throws
        -> any CalendarProvider
    {
        guard let vendor = vendors[name] else {
            throw OperationFailure(
                .configuration, "this server is not registered at \(name): set \(name)-client-id and -client-secret")
        }
        let tokens = tokens(vendor.signIn)
        if name == "google" {
            return GoogleProvider(transport: client, tokens: tokens, base: vendor.api, reader: reader)
        }
        return MicrosoftProvider(
            exchange: GuardedExchange(client: client, base: vendor.api), tokens: tokens, reader: reader, now: now)
    }

    /// A CalDAV connection. The lines of an address after its first are sites the person confirmed.
    func calDAV(_ link: ProfileLinker.Link) throws(WebAddress.Fault) -> CalDAVProvider {
        let lines = link.address.split(separator: "\n").map(String.init)
        var sites: [Origin] = []
        for line in lines.dropFirst() { sites.append(try WebAddress(parsing: line).origin) }
        var account = try CalDAVAccount(
            service: link.provider.value == "icloud" ? .iCloud : .generic, server: lines.first ?? "",
            user: link.username ?? "", password: GuardedHTTP.Secret(link.credential?.reveal() ?? ""),
            confirmedSites: sites)
        // A service account stands at its own principal and looks at another's.
        if link.provider == AuthorizationDesk.domainProvider { account.actsFor = account.start }
        return CalDAVProvider(account: account, client: client, reader: reader, now: now)
    }
}
