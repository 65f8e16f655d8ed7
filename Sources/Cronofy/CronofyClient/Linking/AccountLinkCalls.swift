import CronofyWire

extension CronofyAccount {
    /// A token for `AuthorizationRequest.linkToken`, to add a calendar account to this account; it soon expires.
    public func linkToken() async throws(CronofyError) -> String {
        try await call(.post("/v1/link_tokens", isRepeatable: true)).text("link_token")
    }

    /// Unlinks one calendar account.
    public func revoke(profile id: String) async throws(CronofyError) {
        _ = try await call(.post("/v1/profiles/\(APICall.segment(id))/revoke"))
    }

    /// Asks for the right to change events that this application did not make. `redirectURI` is where the person comes
    /// back to; needed unless a service account decides.
    public func requestUnrestrictedAccess(
        calendars: [String], redirectURI: String?
    ) async throws(CronofyError) -> PermissionsRequest {
        let permissions = calendars.map {
            JSONValue.object(["calendar_id": .string($0), "permission_level": .string("unrestricted")])
        }
        let body = JSONValue.members([
            "permissions": .array(permissions), "redirect_uri": redirectURI.map(JSONValue.string),
        ])
        return try await call(.post("/v1/permissions", body)).object("permissions_request")
    }

    /// As a service account: asks for access to people's calendars. The outcome goes to each request's callback, as a
    /// code to exchange. 1 to 50 at a time.
    public func authorize(_ requests: [DelegationRequest]) async throws(CronofyError) {
        let body = JSONValue.object(["service_account_authorizations": .array(requests.map { $0.json(profile: nil) })])
        _ = try await call(.post("/v1/service_account_authorizations", body))
    }

    /// As a service account: the domain's rooms and other resources.
    public func resources() async throws(CronofyError) -> [Resource] {
        try await call(.get("/v1/resources")).list("resources")
    }

    /// Calendars of others that a profile of this account reaches.
    public func accessibleCalendars(profile: String? = nil) async throws(CronofyError) -> [AccessibleCalendar] {
        try await call(.get("/v1/accessible_calendars", profile.map { [("profile_id", $0)] } ?? []))
            .list("accessible_calendars")
    }

    /// Asks for access to a calendar that a profile of this account reaches. The outcome goes to the callback.
    public func requestDelegation(_ request: DelegationRequest, profile: String) async throws(CronofyError) {
        _ = try await call(.post("/v1/delegated_authorizations", request.json(profile: profile)))
    }
}

/// How a request for unrestricted access stands.
public enum PermissionsRequest: Hashable, Sendable, AnswerReadable {
    /// Granted at once, by a service account.
    case accepted
    /// The person decides at this address.
    case decision(url: String)

    init(reading answer: AnswerReader) throws(CronofyError) {
        if try answer.optionalFlag("accepted") == true {
            self = .accepted
        } else {
            self = .decision(url: try answer.text("url"))
        }
    }
}

/// Whose calendar, for what, and where the outcome goes.
public struct DelegationRequest: Hashable, Sendable {
    public var email: String
    public var scopes: [String]
    public var callbackURL: String
    public var state: String?

    public init(email: String, scopes: [String], callbackURL: String, state: String? = nil) {
        (self.email, self.scopes, self.callbackURL, self.state) = (email, scopes, callbackURL, state)
    }

    func json(profile: String?) -> JSONValue {
        .members([
            "profile_id": profile.map(JSONValue.string), "email": .string(email),
            "scope": .string(scopes.joined(separator: " ")), "callback_url": .string(callbackURL),
            "state": state.map(JSONValue.string),
        ])
    }
}

/// A room or another thing that a domain books.
public struct Resource: Hashable, Sendable, AnswerReadable {
    public let email: String
    public let name: String

    init(reading answer: AnswerReader) throws(CronofyError) {
        (email, name) = (try answer.text("email"), try answer.text("name"))
    }
}

/// A calendar of somebody else that a profile reaches.
public struct AccessibleCalendar: Hashable, Sendable, AnswerReadable {
    public let email: String
    public let name: String?
    /// `resource`, `unknown` and whatever else the service learns to say.
    public let type: String

    init(reading answer: AnswerReader) throws(CronofyError) {
        email = try answer.text("email")
        name = try answer.optionalText("name")
        type = try answer.optionalText("calendar_type") ?? "unknown"
    }
}
