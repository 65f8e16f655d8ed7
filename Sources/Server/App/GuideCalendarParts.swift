import Accounts
import CivilTime
import CronofyClient
import CronofySigning
import GuardedHTTP
import GuidesWeb
import Integrations
import Jobs
import Logging
import Notifications
import Sealing
import Season
import StorageKit

/// The live parts of guides' calendars. The platform of this server is one backend among others, reached through the same
/// client, without a socket.
struct GuideCalendarParts: Sendable {
    let calls: LinkCalls
    let backends: BackendStore
    let linking: GuideLinking
    let choices: CalendarChoices
    let switching: BackendSwitch
    let time: GuideTime
    let door: NotificationDoor
    let jobs: IntegrationJobs
    private let publicURL: String

    /// Where browsers come back to after linking.
    static let linkedPath = "/guides/calendars/linked"
    /// Where notifications come in; the link's key follows.
    static let noticePath = "/guides/notices/"

    init(
        database: any Database, key: SealingKey, queue: WorkQueue, publicURL: String, policy: AddressPolicy,
        inProcess: any CronofyTransport, logger: Logger, now: @escaping @Sendable () -> Instant,
        random: @escaping @Sendable () -> Double, pause: @escaping @Sendable (Duration) async -> Void
    ) {
        self.publicURL = publicURL
        backends = BackendStore(database: database, key: key, now: now)
        let links = LinkStore(database: database, key: key, now: now)
        let guarded = GuardedTransport(policy: policy)
        calls = LinkCalls(
            links: links,
            backends: BackendDirectory(store: backends) { backend in
                if case .builtIn = backend.kind { inProcess } else { guarded }
            },
            report: { _ in logger.error("renewed tokens of a guide's calendar were not written") })
        linking = GuideLinking(calls: calls, queue: queue, redirectURI: publicURL + Self.linkedPath)
        choices = CalendarChoices(calls: calls, queue: queue)
        switching = BackendSwitch(links: links, queue: queue)
        time = GuideTime(calls: calls, zones: .system, pause: pause)
        door = NotificationDoor(calls: calls, queue: queue)
        jobs = IntegrationJobs(
            reader: CalendarReader(calls: calls, zones: .system, callbackBase: publicURL + Self.noticePath),
            events: TripEventWriter(calls: calls), calls: calls, queue: queue, random: random)
    }

    /// Tells people of calendars that are cut off.
    func cutLetters(_ box: LetterBox) -> CutLetters {
        CutLetters(links: calls.links, box: box, calendarsPage: publicURL + "/guides/me/calendars")
    }

    /// What pages about calendars need.
    var pageCalendars: GuideCalendarDesks {
        GuideCalendarDesks(linking: linking, choices: choices, backends: backends, switching: switching)
    }

    /// Makes the built-in backend where there is none yet: an application of the platform like any other. Its address of
    /// return follows the server's public address.
    func prepare(accounts: AccountStore, publicURL: String) async throws {
        let known = try await accounts.database.read { try BackendStore.all(in: $0) }.first {
            if case .builtIn = $0.kind { true } else { false }
        }
        let back = publicURL + Self.linkedPath
        guard let known else {
            let (application, secret) = try await accounts.createApplication(
                name: "Anchorpoint Guides", redirectURIs: [back])
            try await backends.add(
                .builtIn(publicURL: publicURL), clientID: application.id.value, clientSecret: secret)
            return
        }
        // The operator may have rotated it like any application's.
        let client = ClientID(known.clientID)
        if let secret = try await accounts.database.read({ try accounts.liveSecrets(of: client, in: $0) }).first {
            try await backends.set(secret: secret, of: known.id)
        }
        guard known.kind != .builtIn(publicURL: publicURL) else { return }
        _ = try await accounts.setRedirectURIs([back], of: client)
        try await backends.move(known.id, to: .builtIn(publicURL: publicURL))
    }

    /// Takes notifications that are for this server's own application; the signature is checked all the same.
    func taking(below publicURL: String) -> CallbackSender.Local {
        let (door, start) = (door, publicURL + Self.noticePath)
        return { delivery in
            guard delivery.channel.callbackURL.hasPrefix(start) else { return nil }
            let signature = NotificationSignature.header(
                for: delivery.body, secrets: delivery.secrets.map { $0.reveal() })
            do {
                let answer = try await door.receive(
                    body: delivery.body, signature: signature,
                    channelKey: String(delivery.channel.callbackURL.dropFirst(start.count)))
                return answer == .taken ? 200 : 403
            } catch { return 503 }
        }
    }
}
