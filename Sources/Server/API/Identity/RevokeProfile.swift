import Accounts
import Authorization
import StorageKit
import Sync

/// `POST /v1/profiles/{profile_id}/revoke`: disconnects one profile and deletes what was read through it.
enum RevokeProfile {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let (account, now) = (try call.account, call.services.now())
        let profile = ProfileID(call.parameter("profile_id"))
        let wasThere = try await call.services.accounts.database.write { session in
            let wasThere = try ProfileLinker.remove(
                profile, of: account, cause: .application, now: now, in: session)
            if wasThere { try AuthorizationDesk.endOpened(through: account, now: now, in: session) }
            return wasThere
        }
        guard wasThere else { throw APIError.notFound }
        return .accepted
    }
}
