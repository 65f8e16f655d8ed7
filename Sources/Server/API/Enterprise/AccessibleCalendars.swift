import Accounts
import Authorization
import CronofyWire
import ProviderKit
import StorageKit

/// `GET /v1/accessible_calendars`: whose calendars may be asked for through a profile, by `delegated_authorizations`. What
/// the provider shows may be more than it then opens.
enum AccessibleCalendars {
    static let contract = EndpointContract(
        query: [
            .required("profile_id", .text), .optional("calendar_type", .text, "only this type: `resource`, `unknown`"),
        ],
        success: .json(
            .object([
                "accessible_calendars": .array(
                    .object(["calendar_type": .oneOf("resource", "unknown"), "email": .text, "name": .text]))
            ])))

    static func respond(_ call: APICall) async throws -> APIAnswer {
        _ = try await Delegation.scope(of: call)
        guard let id = call.query["profile_id"], !id.isEmpty else {
            throw WireErrors("profile_id", key: "errors.required", "required")
        }
        let profile = try await Delegation.profile(ProfileID(id), of: call)
        let wanted = call.query["calendar_type"].flatMap { $0.isEmpty ? nil : $0 }
        let credential = try await call.services.profiles.credential(of: profile)
        let neighbours = try await Neighbours.list(profile, credential: credential, call)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("accessible_calendars")
            writer.array(neighbours.filter { wanted == nil || $0.calendarType == wanted }) { writer, neighbour in
                writer.object {
                    $0.member("calendar_type", neighbour.calendarType)
                    $0.member("email", neighbour.email)
                    $0.member("name", neighbour.name)
                }
            }
        }
        return .json(writer.bytes)
    }
}

extension RemoteNeighbour {
    /// In the API's words.
    fileprivate var calendarType: String { kind == .resource ? "resource" : "unknown" }
}

/// What asking for others' calendars takes: a person's own word for it, and a connection that stands.
enum Delegation {
    /// What the person let the application ask for others.
    static func scope(of call: APICall) async throws -> Access {
        let (account, client) = (try call.account, call.caller.client)
        let access = try await call.services.authorization.access(to: account, for: client)
        // Whoever was opened by another opens nobody in turn.
        let isOwn = try await !call.services.authorization.isOpenedByAnother(account, for: client)
        guard account.kind == .person, isOwn, access.delegatedScope != nil else {
            throw APIError.forbidden(scope: "delegated_scope")
        }
        return access
    }

    static func profile(_ id: ProfileID, of call: APICall) async throws -> Profile {
        let account = try call.account
        let known = try await call.services.accounts.database.read {
            try ProfileStore.profile(id, of: account, in: $0)
        }
        guard let known else { throw APIError.notFound }
        guard known.connection.state != .disconnected else { throw APIError.locked }
        return known
    }
}
