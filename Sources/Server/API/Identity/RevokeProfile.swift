import Accounts
import StorageKit
import Sync

/// `POST /v1/profiles/{profile_id}/revoke`: disconnects one profile and deletes what was read through it.
enum RevokeProfile {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let (account, now) = (try call.account, call.services.now())
        let profile = ProfileID(call.parameter("profile_id"))
        let wasThere = try await call.services.accounts.database.write {
            try ProfileLinker.remove(profile, of: account, cause: .application, now: now, in: $0)
        }
        guard wasThere else { throw APIError.notFound }
        return .accepted
    }
}
