import CronofyWire

extension CronofyApplication {
    /// Exchanges the code that came back; it can be used once.
    /// - Throws: `.refusedGrant` where the code is unknown, used or expired, or was made for another `redirectURI`.
    public func exchange(
        code: String, redirectURI: String, codeVerifier: String? = nil
    ) async throws(CronofyError) -> TokenGrant {
        var members: [String: JSONValue] = [
            "grant_type": .string("authorization_code"), "code": .string(code), "redirect_uri": .string(redirectURI),
        ]
        members["code_verifier"] = codeVerifier.map(JSONValue.string)
        // A code that arrives twice revokes what it gave (RFC 6749 §4.1.2): never sent again.
        return try TokenGrant(
            reading: try await callWithCredentials("/oauth/token", members, isRepeatable: false))
    }

    /// New tokens for a refresh token. Accounts made by `account(_:)` do this by themselves.
    /// - Throws: `.refusedGrant` where the refresh token is unknown or revoked.
    public func refresh(_ refreshToken: String) async throws(CronofyError) -> TokenGrant {
        try TokenGrant(
            reading: try await callWithCredentials(
                "/oauth/token",
                ["grant_type": .string("refresh_token"), "refresh_token": .string(refreshToken)]))
    }

    /// Ends what `token`, an access or a refresh token, gives access to. An unknown token is no error (RFC 7009 §2.2).
    public func revoke(token: String) async throws(CronofyError) {
        _ = try await callWithCredentials("/oauth/token/revoke", ["token": .string(token)])
    }

    /// Ends this application's access to an account; `erasingPersonalData` also asks that what is kept about the person be
    /// erased.
    public func revoke(sub: String, erasingPersonalData: Bool = false) async throws(CronofyError) {
        var members: [String: JSONValue] = ["sub": .string(sub)]
        if erasingPersonalData { members["request_pii_erasure"] = .bool(true) }
        _ = try await callWithCredentials("/oauth/token/revoke", members)
    }

    /// A calendar that the service hosts for the application's own use; the same `id` always means the same one.
    public func applicationCalendar(id: String) async throws(CronofyError) -> TokenGrant {
        try TokenGrant(
            reading: try await callWithCredentials(
                "/v1/application_calendars", ["application_calendar_id": .string(id)]))
    }

    /// Asks for the application to be verified for these redirect addresses.
    public func requestVerification(
        redirectURIs: [String], contactEmail: String, contactName: String? = nil
    ) async throws(CronofyError) {
        let contact = JSONValue.members([
            "email": .string(contactEmail), "display_name": contactName.map(JSONValue.string),
        ])
        _ = try await call(
            .post("/v1/application_verification", .object(["redirect_uris": .texts(redirectURIs), "contact": contact])))
    }

    /// A token for UI elements in pages of `origin` (scheme, host and port).
    public func elementToken(
        permissions: [ElementPermission], subs: [String], origin: String
    ) async throws(CronofyError) -> ElementToken {
        let body = JSONValue.object([
            "version": .string("1"), "permissions": .texts(permissions.map(\.rawValue)), "subs": .texts(subs),
            "origin": .string(origin),
        ])
        return try await call(.post("/v1/element_tokens", body)).object("element_token")
    }
}

/// What a UI element may show or do.
public struct ElementPermission: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let agenda: Self = "agenda"
    public static let accountManagement: Self = "account_management"
    public static let availability: Self = "availability"
    public static let managedAvailability: Self = "managed_availability"
}

/// A token for a browser, bound to an origin.
public struct ElementToken: Hashable, Sendable, AnswerReadable, CustomStringConvertible {
    public let token: String
    public let origin: String?
    public let permissions: [ElementPermission]
    public let lifetime: Duration

    init(reading answer: AnswerReader) throws(CronofyError) {
        token = try answer.text("token")
        origin = try answer.optionalText("origin")
        permissions = try answer.texts("permissions").map(ElementPermission.init)
        lifetime = .seconds(try answer.integer("expires_in"))
    }

    public var description: String { "ElementToken(<redacted>)" }
}
