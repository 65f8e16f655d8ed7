public import CivilTime
internal import CronofyWire
public import SandboxKit
internal import Synchronization

/// A pretend Microsoft: mailboxes, and the identity platform that signs their owners in.
public final class MicrosoftVendor: SandboxVendor {
    public let name = "microsoft"
    public let label = "Microsoft"
    public let identity: IdentityDesk
    private let held = Mutex<[GraphSandbox]>([])
    private let now: @Sendable () -> Instant
    /// What stands before the path in links that Graph gives.
    private let base: String

    public init(base: String, clients: [SandboxClient] = [.usual], now: @escaping @Sendable () -> Instant) {
        (self.base, self.now) = (base, now)
        let rules = IdentityRules(
            lifetime: 3600, rotates: true,
            signInScopes: ["openid", "email", "profile", "offline_access", "User.Read"]
        ) { question, _ in question.scopes.contains("offline_access") }
        identity = IdentityDesk(rules: rules, clients: clients, now: now)
    }

    public var people: [any SandboxPerson] { held.withLock { $0 } }

    public func person(_ address: String) -> (any SandboxPerson)? {
        held.withLock { $0.first { $0.address.lowercased() == address.lowercased() } }
    }

    public func add(_ person: PretendPerson) throws(PeopleFault) {
        guard ZoneDatabase.system.resolve(name: person.zone) != nil else {
            throw PeopleFault("\(person.email): '\(person.zone)' is no time zone")
        }
        let first = person.calendars.first?.name ?? "Calendar"
        let sandbox = GraphSandbox(
            address: person.email, name: person.name, zone: person.zone, base: base, calendar: first, now: now)
        for (place, book) in person.calendars.enumerated() {
            let id = place == 0 ? sandbox.defaultCalendar : sandbox.addCalendar(named: book.name)
            for draft in book.events {
                guard sandbox.save(draft, in: id).status < 300 else {
                    throw PeopleFault("\(person.email), \(book.name): '\(draft.title)' has times that Graph refuses")
                }
            }
            for event in book.rawEvents {
                let uid = event["iCalUId"]?.words ?? "\(person.email)-\(place)-\(event.hashValue)"
                guard sandbox.write(event.bytes, uid: uid, in: id) != nil else {
                    throw PeopleFault("\(person.email), \(book.name): one of vendor_events is refused")
                }
            }
            if book.isReadOnly { sandbox.makeReadOnly(id) }
        }
        held.withLock { $0.append(sandbox) }
    }

    public var missingScope: String { "ErrorAccessDenied" }

    public func covers(_ scopes: [String], _ request: SandboxRequest) -> Bool {
        let isAboutCalendars = request.segments.dropFirst(2).first.map { $0.hasPrefix("calendar") || $0 == "events" }
        guard isAboutCalendars == true else { return true }
        let words = scopes.map { $0.split(separator: "/").last.map(String.init) ?? $0 }.filter {
            $0.hasPrefix("Calendars.")
        }
        return request.method == "GET" ? !words.isEmpty : words.contains { $0.hasPrefix("Calendars.ReadWrite") }
    }

    public func purpose(of request: SandboxRequest) -> SandboxPurpose {
        let parts = request.segments
        if parts.first == "v1.0" { return .calendar }
        guard parts.count >= 4, parts.suffix(3).prefix(2) == ["oauth2", "v2.0"] else {
            return parts == ["oidc", "userinfo"] ? .userInfo : .unknown
        }
        return parts.last == "authorize" ? .authorize : parts.last == "token" ? .token : .unknown
    }

    public func refusal(status: Int, reason: String?, headers: [String: String]) -> SandboxResponse {
        let usual = [
            401: "InvalidAuthenticationToken", 403: "ErrorAccessDenied", 404: "ErrorItemNotFound",
            409: "ErrorIrresolvableConflict", 410: "SyncStateNotFound", 412: "ErrorIrresolvableConflict",
            429: "ApplicationThrottled", 503: "ServiceUnavailable",
        ]
        var response = SandboxRefusal(status, reason ?? usual[status] ?? "UnknownError").response
        response.headers.merge(headers) { $1 }
        return response
    }

    public func refusal(_ refusal: IdentityRefusal) -> SandboxResponse {
        let (error, code, words): (String, Int, String) =
            switch refusal {
            case .invalidRequest(let words): ("invalid_request", 900144, words)
            case .unknownClient: ("unauthorized_client", 700016, "The application was not found in the directory.")
            case .wrongSecret: ("invalid_client", 7_000_215, "Invalid client secret provided.")
            case .redirectMismatch: ("invalid_request", 50011, "The redirect URI does not match.")
            case .unknownCode: ("invalid_grant", 70008, "The authorization code has expired or was used before.")
            case .wrongVerifier: ("invalid_grant", 501481, "The Code_Verifier does not match the code_challenge.")
            case .unknownToken: ("invalid_grant", 9_002_313, "Invalid request. The refresh token is malformed.")
            case .unsupportedGrant: ("unsupported_grant_type", 70003, "The grant type is not supported.")
            case .scopeNotGranted: ("invalid_grant", 65001, "The user has not consented to the application.")
            case .ended(.revoked): ("invalid_grant", 50173, "The provided grant has expired due to it being revoked.")
            case .ended(.passwordChanged):
                ("invalid_grant", 50173, "The grant was revoked: the user changed or reset the password.")
            case .ended(.expired): ("invalid_grant", 700082, "The refresh token has expired due to inactivity.")
            case .ended(.consentMissing): ("invalid_grant", 65001, "The user or administrator has not consented.")
            case .ended(.signInDemanded):
                ("interaction_required", 50076, "Multi-factor authentication is demanded by your administrator.")
            case .ended(.accountGone): ("invalid_grant", 50057, "The user account is disabled.")
            }
        return SandboxResponse(
            400,
            .object([
                "error": .string(error), "error_description": .string("AADSTS\(code): \(words)"),
                "error_codes": .array([.integer(Int64(code))]), "timestamp": .string(SandboxTimes.stamp(now())),
                "trace_id": .string("00000000-0000-0000-0000-000000000000"),
                "correlation_id": .string("00000000-0000-0000-0000-000000000000"),
            ]))
    }

    public func description(of session: IdentityDesk.Session, _ purpose: SandboxPurpose) -> SandboxResponse {
        SandboxResponse(
            200,
            .object([
                "sub": .string(SandboxText.subject(of: session.person)), "email": .string(session.person),
                "name": .string(person(session.person)?.displayName ?? session.person),
            ]))
    }

    /// Each address of a new subscription must say a word back, in plain text.
    public func handshakes(of request: SandboxRequest) -> [SandboxHandshake] {
        guard request.method == "POST", request.segments == ["v1.0", "subscriptions"],
            let json = JSONValue.members(of: request.body)
        else { return [] }
        return ["notificationUrl", "lifecycleNotificationUrl"].compactMap { name in
            guard let url = json[name]?.words else { return nil }
            let word = "Validation: Testing client application reachability for subscription \(url.utf8.count)"
            let mark = url.contains("?") ? "&" : "?"
            return SandboxHandshake(address: url + mark + "validationToken=" + SandboxText.encoded(word), answer: word)
        }
    }
}
