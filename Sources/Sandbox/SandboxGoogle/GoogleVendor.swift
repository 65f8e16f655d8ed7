public import CivilTime
internal import CronofyWire
public import SandboxKit
internal import Synchronization

/// A pretend Google: accounts, and the server that signs them in.
public final class GoogleVendor: SandboxVendor {
    public let name = "google"
    public let label = "Google"
    public let identity: IdentityDesk
    private let held = Mutex<[CalendarSandbox]>([])
    private let now: @Sendable () -> Instant

    public init(clients: [SandboxClient] = [.usual], now: @escaping @Sendable () -> Instant) {
        self.now = now
        // A refresh token comes with the first consent only, unless consent is asked for again.
        let rules = IdentityRules(
            lifetime: 3600, rotates: false,
            signInScopes: [
                "openid", "email", "profile", "https://www.googleapis.com/auth/userinfo.email",
                "https://www.googleapis.com/auth/userinfo.profile",
            ]
        ) { question, isFirst in question.isOffline && (isFirst || question.prompt.contains("consent")) }
        identity = IdentityDesk(rules: rules, clients: clients, now: now)
    }

    public var people: [any SandboxPerson] { held.withLock { $0 } }

    public func person(_ address: String) -> (any SandboxPerson)? {
        held.withLock { $0.first { $0.primary.lowercased() == address.lowercased() } }
    }

    public func add(_ person: PretendPerson) throws(PeopleFault) {
        guard ZoneDatabase.system.resolve(name: person.zone) != nil else {
            throw PeopleFault("\(person.email): '\(person.zone)' is no time zone")
        }
        let sandbox = CalendarSandbox(address: person.email, name: person.name, zone: person.zone, now: now)
        for (place, book) in person.calendars.enumerated() {
            let id = place == 0 ? person.email : sandbox.addCalendar(named: book.name)
            for draft in book.events {
                guard sandbox.save(draft, in: id).status < 300 else {
                    throw PeopleFault("\(person.email), \(book.name): '\(draft.title)' has times that Google refuses")
                }
            }
            for event in book.rawEvents {
                let uid = event["iCalUID"]?.words ?? "\(person.email)-\(place)-\(event.hashValue)"
                guard sandbox.write(event.bytes, uid: uid, in: id) != nil else {
                    throw PeopleFault("\(person.email), \(book.name): one of vendor_events is refused")
                }
            }
            if book.isReadOnly { sandbox.makeReadOnly(id) }
        }
        held.withLock { $0.append(sandbox) }
    }

    public var missingScope: String { "insufficientPermissions" }

    public func covers(_ scopes: [String], _ request: SandboxRequest) -> Bool {
        let calendars = scopes.filter { $0.hasPrefix("https://www.googleapis.com/auth/calendar") }
        return request.method == "GET" ? !calendars.isEmpty : calendars.contains { !$0.hasSuffix(".readonly") }
    }

    public func purpose(of request: SandboxRequest) -> SandboxPurpose {
        switch request.segments {
        case ["o", "oauth2", "v2", "auth"], ["o", "oauth2", "auth"]: .authorize
        case ["token"], ["oauth2", "v4", "token"]: .token
        case ["revoke"], ["o", "oauth2", "revoke"]: .revoke
        case ["tokeninfo"], ["oauth2", "v3", "tokeninfo"]: .tokenInfo
        case ["v1", "userinfo"], ["oauth2", "v3", "userinfo"], ["oauth2", "v2", "userinfo"]: .userInfo
        case let parts where parts.prefix(2) == ["calendar", "v3"]: .calendar
        default: .unknown
        }
    }

    public func refusal(status: Int, reason: String?, headers: [String: String]) -> SandboxResponse {
        let usual = [
            401: "authError", 403: "rateLimitExceeded", 404: "notFound", 409: "duplicate", 410: "fullSyncRequired",
            412: "conditionNotMet", 429: "rateLimitExceeded", 500: "backendError", 503: "backendError",
        ]
        return GoogleRefusal(status, reason ?? usual[status] ?? "badRequest", headers: headers).response
    }

    public func refusal(_ refusal: IdentityRefusal) -> SandboxResponse {
        let (status, error, words): (Int, String, String) =
            switch refusal {
            case .invalidRequest(let words): (400, "invalid_request", words)
            case .unknownClient: (401, "invalid_client", "The OAuth client was not found.")
            case .wrongSecret: (401, "invalid_client", "Unauthorized")
            case .redirectMismatch: (400, "redirect_uri_mismatch", "Bad Request")
            case .unknownCode: (400, "invalid_grant", "Malformed auth code.")
            case .wrongVerifier: (400, "invalid_grant", "Invalid code verifier.")
            case .unknownToken: (400, "invalid_grant", "Bad Request")
            case .unsupportedGrant: (400, "unsupported_grant_type", "Invalid grant_type")
            case .scopeNotGranted: (400, "invalid_scope", "Some requested scopes cannot be shown")
            case .ended(.signInDemanded): (400, "invalid_grant", "reauth related error (invalid_rapt)")
            case .ended(.accountGone): (400, "invalid_grant", "Account has been deleted")
            case .ended(.consentMissing): (400, "admin_policy_enforced", "The administrator restricts this scope.")
            case .ended: (400, "invalid_grant", "Token has been expired or revoked.")
            }
        var members: [String: JSONValue] = ["error": .string(error), "error_description": .string(words)]
        if refusal == .ended(.signInDemanded) { members["error_subtype"] = .string("invalid_rapt") }
        return SandboxResponse(status, .object(members))
    }

    public func description(of session: IdentityDesk.Session, _ purpose: SandboxPurpose) -> SandboxResponse {
        let subject = SandboxText.subject(of: session.person)
        if purpose == .tokenInfo {
            return SandboxResponse(
                200,
                .object([
                    "azp": .string(session.client), "aud": .string(session.client), "sub": .string(subject),
                    "scope": .string(session.scopes.joined(separator: " ")),
                    "exp": .string(String(session.expiresAt.seconds)),
                    "expires_in": .string(String(session.expiresAt.seconds - now().seconds)),
                    "email": .string(session.person), "email_verified": .string("true"),
                    "access_type": .string("offline"),
                ]))
        }
        return SandboxResponse(
            200,
            .object([
                "sub": .string(subject), "email": .string(session.person), "email_verified": .bool(true),
                "name": .string(person(session.person)?.displayName ?? session.person),
            ]))
    }

    /// Google asks nobody: the first notice shows who answers.
    public func handshakes(of request: SandboxRequest) -> [SandboxHandshake] { [] }
}
