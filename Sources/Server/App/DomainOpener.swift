import Accounts
import Authorization
import CalDAV
import CivilTime
import CronofySigning
import CronofyWire
import GuardedHTTP
import Jobs
import ProviderKit
import StorageKit
import Sync

/// Opens one person's calendars through a service account, or through somebody's connection, and tells the application, by
/// a code or by what is wrong. Done again from the start where the telling failed: a person who is open already gets a
/// fresh code.
struct DomainOpener: DelegatedOpening {
    let authorization: AuthorizationDesk
    let linker: ProfileLinker
    let registry: ProviderRegistry
    let zones: ZoneDatabase
    let callbacks: GuardedClient

    private var accounts: AccountStore { authorization.accounts }

    /// What the application is told.
    private enum Answer {
        case code(Accounts.Secret)
        case error(key: String, String)
    }

    func open(_ payload: String) async throws -> DelegatedOutcome {
        let request = try DelegatedRequest(payload: payload)
        let answer: Answer
        do { answer = try await attempt(request) } catch let failure as RemoteFailure {
            switch failure {
            case .unreachable(let reason): return .failed(reason: reason)
            case .throttled: return .failed(reason: "The domain's server asks to be left alone for a while.")
            case .authorizationLost:
                answer = .error(
                    key: "errors.service_account_disconnected", "The service account must be authorized again.")
            default: answer = .error(key: "errors.unknown_account", "Account not recognized")
            }
        }
        return try await tell(answer, request)
    }

    private func attempt(_ request: DelegatedRequest) async throws -> Answer {
        if let profile = request.profile { return try await attempt(request, through: ProfileID(profile)) }
        guard let service = try await authorization.serviceAccount(AccountID(request.service)) else {
            return .error(key: "errors.service_account_disconnected", "The service account is gone.")
        }
        for principal in service.principals(of: request.email) {
            let link = ProfileLinker.Link(
                provider: AuthorizationDesk.domainProvider, address: principal, username: service.username,
                credential: service.credential)
            do {
                let remote = try await registry.calDAV(link).discover()
                return .code(try await store(link, remote, request))
            } catch let failure as RemoteFailure {
                switch failure {
                case .gone, .refused: continue
                default: throw failure
                }
            } catch is WebAddress.Fault { continue }
        }
        return .error(key: "errors.unknown_account", "Account not recognized")
    }

    /// Whoever the connection's server names by that address, with the connection's own credential.
    private func attempt(_ request: DelegatedRequest, through id: ProfileID) async throws -> Answer {
        let owner = AccountID(request.service)
        let profiles = ProfileStore(accounts: accounts)
        let profile = try await accounts.database.read { try ProfileStore.profile(id, of: owner, in: $0) }
        guard let profile, profile.connection.state != .disconnected,
            try await authorization.access(to: owner, for: ClientID(request.client)).delegatedScope != nil
        else { return .error(key: "errors.profile_disconnected", "The profile must be connected again.") }
        let credential = try await profiles.credential(of: profile)
        let provider = try registry.provider(for: profile, credential: credential)
        let email = request.email.lowercased()
        guard let neighbour = try await provider.neighbours().first(where: { $0.email.lowercased() == email }) else {
            return .error(key: "errors.unknown_account", "Account not recognized")
        }
        let link = ProfileLinker.Link(
            provider: AuthorizationDesk.domainProvider, address: neighbour.identity, username: profile.username,
            credential: credential)
        let remote = try await registry.calDAV(link).discover()
        return .code(try await store(link, remote, request))
    }

    private func store(
        _ link: ProfileLinker.Link, _ remote: RemoteAccount, _ request: DelegatedRequest
    ) async throws -> Accounts.Secret {
        let (prepared, fresh, code) = (
            linker.prepare(link), AccountID(fresh: .person), Accounts.Secret(Crypto.token(32))
        )
        let (service, client, now) = (AccountID(request.service), ClientID(request.client), accounts.now())
        return try await accounts.database.write { session in
            let known = try AuthorizationDesk.opened(
                remote.identity, through: service, client: client, in: session)
            if known == nil {
                let zone = try AccountStore.account(service, in: session)?.zone ?? .utc
                try AccountStore.insert(
                    fresh, email: request.email, name: remote.displayName, zone: zone, now: now, in: session)
            }
            let account = known ?? fresh
            let profile = try linker.link(prepared, to: remote, account: account, in: session)
            try AuthorizationDesk.storeDelegated(
                code, request, account: account, profile: profile, now: now.seconds, in: session)
            return code
        }
    }

    private func tell(_ answer: Answer, _ request: DelegatedRequest) async throws -> DelegatedOutcome {
        let body = Self.body(answer, state: request.state)
        let secrets = try await accounts.database.read {
            try accounts.liveSecrets(of: ClientID(request.client), in: $0).map { $0.reveal() }
        }
        let headers = [
            Header("Content-Type", "application/json; charset=utf-8"),
            Header(NotificationSignature.headerName, NotificationSignature.header(for: body, secrets: secrets)),
        ]
        do {
            let reply = try await callbacks.send(
                FetchRequest(
                    "POST", try WebAddress(parsing: request.callbackURL), headers: headers, body: body,
                    redirects: .never))
            return (200..<300).contains(reply.status)
                ? .done : .failed(reason: "the callback answered \(reply.status)")
        } catch let failure as FetchFailure {
            return .failed(reason: failure.sentence)
        }
    }

    private static func body(_ answer: Answer, state: String?) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("authorization")
            writer.object { writer in
                switch answer {
                case .code(let code): writer.member("code", code.reveal())
                case .error(let key, let text):
                    writer.member("error", "invalid_request")
                    writer.member("error_key", key)
                    writer.member("error_description", text)
                }
                writer.member("state", ifPresent: state)
            }
        }
        return writer.bytes
    }
}
