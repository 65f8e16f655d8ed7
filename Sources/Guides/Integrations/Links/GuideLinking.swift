import CivilTime
public import CronofyClient
import CronofyWire
import Foundation
import Sealing
import Season
public import StorageKit
public import Trips

/// A guide links calendars: the browser is sent to the platform and comes back with a code, which is exchanged once.
/// The platform, and not this application, sees the provider's password or consent.
public struct GuideLinking: Sendable {
    public let calls: LinkCalls
    /// Where the browser comes back to, as the backends know it.
    let redirectURI: String
    let queue: WorkQueue

    /// Seconds in which a browser has to come back.
    static let life: Int64 = 15 * 60

    public init(calls: LinkCalls, queue: WorkQueue, redirectURI: String) {
        (self.calls, self.queue, self.redirectURI) = (calls, queue, redirectURI)
    }

    private var links: LinkStore { calls.links }

    /// What is asked for at each level. Events must be readable for changes to be told at all, so the level decides what
    /// is read and kept, not what could be; a guide who gives less is read by polling.
    static let scopes = ["read_events", "create_event", "delete_event", "create_calendar"]

    /// Where to send the guide's browser.
    /// - Parameter session: the browser's session, whatever names it; only it can finish what it began.
    /// - Throws: `LinkRefusal`, or the database's fault.
    public func begin(
        _ own: OwnCalendars, for service: ServiceID, session browser: String, level: DetailLevel = .busy,
        provider: ProviderName? = nil
    ) async throws -> String {
        let backend = try await backend(for: service)
        let client = try await calls.backends.client(of: backend.id)
        let known = try await links.database.read { session in
            try LinkStore.links(of: own.guide, in: session).filter { $0.backend == backend.id }
        }
        let (state, verifier) = (Crypto.token(43), Crypto.token(64))
        var request = AuthorizationRequest(redirectURI: redirectURI, scopes: Self.scopes, state: state)
        (request.providerName, request.codeChallenge) = (provider, Self.challenge(verifier))
        // A second calendar joins the account of the first. One that was cut off has no token to say so with: there the
        // browser has to be known, so that the account and its profiles stay the same.
        if let connected = known.first(where: { $0.standing.state != .disconnected }) {
            request.linkToken = try await linkToken(connected)
        } else {
            request.avoidsLinking = known.isEmpty
        }
        let (expires, links, redirect) = (links.now().seconds + Self.life, links, redirectURI)
        try await links.database.write { session in
            try session.execute("DELETE FROM link_requests WHERE expires_at < ?", [.integer(links.now().seconds)])
            try session.execute(
                """
                INSERT INTO link_requests (state_hash, session_hash, person_id, backend_id, redirect_uri, verifier, level,
                    expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .blob(Crypto.sha256(state)), .blob(Crypto.sha256(browser)), .text(own.guide.value),
                    .text(backend.id.value), .text(redirect),
                    .blob(links.key.seal(Secret(verifier), for: "link_requests.verifier")),
                    .text(level.rawValue), .integer(expires),
                ])
        }
        return client.application.authorizationURL(request)
    }

    /// Whether the service may link at all, and where.
    private func backend(for service: ServiceID) async throws -> CalendarBackend {
        let found = try await links.database.read { session in
            (
                try BackendStore.backend(of: service, in: session),
                try session.first("SELECT region FROM guide_services WHERE service_id = ?", [.text(service.value)]) {
                    try $0.optionalText(0)
                }
            )
        }
        guard let backend = found.0 else { throw LinkRefusal.noBackend }
        do { try RegionRule.check(backend, for: found.1 ?? nil) } catch { throw LinkRefusal.region(error) }
        return backend
    }

    private func linkToken(_ link: CalendarLink) async throws -> String? {
        do {
            return try await calls.perform(link) { account throws(CronofyError) in try await account.linkToken() }
        } catch
            CronofyError.forbidden, CronofyError.notFound
        {
            // Linking by token is a feature that an application of the hosted service may lack; its cookie does it then.
            return nil
        } catch is CronofyError { throw LinkRefusal.unreachable }
    }

    private static func challenge(_ verifier: String) -> String {
        // RFC 7636 §4.2: base64url without padding.
        Data(Crypto.sha256(verifier)).base64EncodedString().filter { $0 != "=" }
            .map { $0 == "+" ? "-" : $0 == "/" ? "_" : String($0) }.joined()
    }

    // MARK: The way back

    /// Takes what the browser came back with, exchanges the code, and keeps what was linked. Its first read is queued.
    /// - Parameters:
    ///   - browser: the session it came back in, which must be the one it was sent from.
    ///   - actor: who is signed in there.
    /// - Throws: `LinkRefusal`, or the database's fault.
    public func complete(
        code: String?, error: String?, state: String, session browser: String, actor: PersonID
    ) async throws -> LinkID {
        let request = try await take(state: state, session: browser, actor: actor)
        guard let code else { throw LinkRefusal.declined(code: error ?? "") }
        let client = try await calls.backends.client(of: request.backend)
        let (grant, info) = try await exchange(code, request, client)
        let channelKey = Crypto.token(32)
        let (links, queue) = (links, queue)
        return try await links.database.write { session in
            let now = links.now()
            let link = try Self.save(grant, info, request, channelKey, now, links, session)
            try LinkStore.apply(info, to: link, now: now, in: session)
            // The first read looks again, and opens the channel.
            try session.execute(
                "UPDATE calendar_links SET checked_at = NULL WHERE person_id = ? AND link_id = ?",
                [.text(link.guide.value), .text(link.id.value)])
            try LinkRecord.write(
                .linked, guide: request.guide, by: .person(request.guide), thing: link.id.value, now: now,
                in: session)
            try queue.enqueue(IntegrationWork.read(link), in: session)
            try TripEventRows.rewriteAll(of: link.guide, queue, in: session)
            return link.id
        }
    }

    private struct Request: Sendable {
        let guide: PersonID
        let backend: BackendID
        let redirectURI: String
        let verifier: String
        let level: DetailLevel
    }

    /// The request of `state`, which is gone afterwards whatever comes of it.
    private func take(state: String, session browser: String, actor: PersonID) async throws -> Request {
        let links = links
        let taken = try await links.database.write { session -> Request? in
            let hash = Crypto.sha256(state)
            let found = try session.first(
                """
                SELECT person_id, backend_id, redirect_uri, verifier, level, session_hash, expires_at
                FROM link_requests WHERE state_hash = ?
                """, [.blob(hash)]
            ) { row -> Request? in
                guard Crypto.equal(try row.blob(5), Crypto.sha256(browser)), try row.text(0) == actor.value,
                    try row.integer(6) >= links.now().seconds
                else { return nil }
                return Request(
                    guide: actor, backend: BackendID(try row.text(1)), redirectURI: try row.text(2),
                    verifier: try links.key.open(try row.blob(3), for: "link_requests.verifier").reveal(),
                    level: DetailLevel(rawValue: try row.text(4)) ?? .busy)
            }
            guard let request = found ?? nil,
                try session.execute("DELETE FROM link_requests WHERE state_hash = ?", [.blob(hash)]) == 1
            else { return nil }
            return request
        }
        guard let taken else { throw LinkRefusal.stale }
        return taken
    }

    private func exchange(_ code: String, _ request: Request, _ client: BackendClient) async throws(LinkRefusal) -> (
        TokenGrant, UserInfo
    ) {
        do {
            let grant = try await client.application.exchange(
                code: code, redirectURI: request.redirectURI, codeVerifier: request.verifier)
            return (grant, try await client.application.account(grant.tokens).userInfo())
        } catch .refusedGrant, .unauthorized { throw .codeRefused } catch { throw .unreachable }
    }

    /// The link of the account that was linked: a new one, or the one there was, with new tokens.
    private static func save(
        _ grant: TokenGrant, _ info: UserInfo, _ request: Request, _ channelKey: String, _ now: Instant,
        _ links: LinkStore, _ session: any WriteSession
    ) throws -> CalendarLink {
        let isAnothers =
            try session.first(
                "SELECT 1 FROM calendar_links WHERE backend_id = ? AND account_id = ? AND person_id <> ?",
                [.text(request.backend.value), .text(info.sub), .text(request.guide.value)]
            ) { try $0.integer(0) } != nil
        guard !isAnothers else { throw LinkRefusal.anotherPerson }
        let (access, refresh) = links.sealed(grant.tokens)
        let expires = now.seconds + grant.lifetime.components.seconds
        try session.execute(
            """
            INSERT INTO calendar_links (person_id, link_id, backend_id, account_id, access_token, refresh_token, scope,
                token_expires_at, zone, level, state, state_since, channel_key, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'connected', ?, ?, ?)
            ON CONFLICT (person_id, backend_id, account_id) DO UPDATE SET access_token = excluded.access_token,
                refresh_token = excluded.refresh_token, scope = excluded.scope,
                token_expires_at = excluded.token_expires_at, level = excluded.level, state = 'connected', cause = NULL,
                state_since = excluded.state_since, is_paused = 0, watermark = NULL, checked_at = NULL
            """,
            [
                .text(request.guide.value), .text("lnk_" + Crypto.token(20)), .text(request.backend.value),
                .text(info.sub), .blob(access), SQLValue(refresh), .text(grant.tokens.scope), .integer(expires),
                SQLValue(info.zone), .text(request.level.rawValue), .integer(now.seconds), .text(channelKey),
                .integer(now.seconds),
            ])
        guard
            let link = try LinkStore.link(account: info.sub, at: request.backend, of: request.guide, in: session)
        else { throw LinkRefusal.unknown }
        // A guide who keeps less than before keeps less of the past too.
        if link.level == .busy {
            try session.execute(
                "DELETE FROM calendar_details WHERE person_id = ? AND origin = ?",
                [.text(link.guide.value), .text(link.id.value)])
        }
        return link
    }
}
