public import Accounts
import CivilTime
import Foundation
public import StorageKit

/// An application's wish to have one person's calendars opened through a service account, or through the connection of
/// somebody who reaches them. The answer goes to its callback, for the work takes as long as the other server does.
public struct DelegatedRequest: Codable, Hashable, Sendable {
    /// The account through which: a service account, or a person's.
    public let service: String
    /// The connection of that person; nil for a service account.
    public var profile: String?
    public let client: String
    public let email: String
    public let scope: String
    public let callbackURL: String
    public let state: String?

    public init(
        service: AccountID, client: ClientID, email: String, scope: Scope, callbackURL: String, state: String?
    ) {
        (self.service, self.client, self.email) = (service.value, client.value, email)
        (self.scope, self.callbackURL, self.state) = (scope.description, callbackURL, state)
    }

    /// The kind of its work in the queue.
    public static let kind = "authorize.person"

    /// The same wish asked twice while it waits is one.
    var work: Work {
        get throws {
            let payload = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
            let key = Crypto.hex(Crypto.sha256([service, client, email, callbackURL].joined(separator: "\n")))
            return Work(kind: Self.kind, key: key, payload: payload)
        }
    }

    public init(payload: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(payload.utf8))
    }
}

extension AuthorizationDesk {
    /// Puts the wishes into the queue, all or none.
    public func ask(_ requests: [DelegatedRequest]) async throws {
        let works = try requests.map { try $0.work }
        let queue = self.queue
        try await accounts.database.write { session in
            for work in works { try queue.enqueue(work, in: session) }
        }
    }

    /// A code for what was opened: recorded as the administrator's word for this person.
    public static func storeDelegated(
        _ code: Secret, _ request: DelegatedRequest, account: AccountID, profile: ProfileID, now: Int64,
        in session: any WriteSession
    ) throws {
        var grant = CodeGrant(
            client: ClientID(request.client), account: account, redirectURI: request.callbackURL,
            scope: Scope(request.scope))
        (grant.granter, grant.profile) = (.account(AccountID(request.service)), profile)
        try store(code, grant, now: Instant(seconds: now), in: session)
    }
}
