import Accounts
import CalDAV
import CivilTime
import GuardedHTTP
import ICSFeed
import Native
import ProviderKit
import StorageKit
import Sync

/// The connectors of this server, one line each: adding a provider means a folder under Providers and a line here.
struct ProviderRegistry: ProviderSource {
    let database: any Database
    let client: GuardedClient
    let reader: ItemReader
    let now: @Sendable () -> Instant

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
        case "caldav", "icloud":
            CalDAVProvider(
                account: try CalDAVAccount(
                    service: profile.provider.value == "icloud" ? .iCloud : .generic, server: profile.address,
                    user: profile.username ?? "", password: GuardedHTTP.Secret(credential?.reveal() ?? "")),
                client: client, reader: reader, now: now)
        default:
            throw OperationFailure(.configuration, "no connector is registered for '\(profile.provider.value)'")
        }
    }
}
