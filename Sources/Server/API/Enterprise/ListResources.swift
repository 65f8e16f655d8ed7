import Accounts
import Authorization
import CronofyWire
import ProviderKit
import Sync

/// `GET /v1/resources`: the rooms and other bookable things of a service account's domain, as its server lists them.
/// `include_details` is taken; CalDAV servers know neither capacity nor building, so nothing is added.
enum ListResources {
    static let contract = EndpointContract(
        query: [.optional("include_details", .text, "`capacity`, `location`; added where they are known")],
        success: .json(.object(["resources": .array(.object(["email": .text, "name": .text]))])))

    static func respond(_ call: APICall) async throws -> APIAnswer {
        guard let service = try await call.services.authorization.serviceAccount(try call.account) else {
            throw APIError.notFound
        }
        let neighbours = try await Neighbours.list(service.profile, credential: service.credential, call)
        let suffix = "@" + service.domain
        let resources = neighbours.filter { $0.kind == .resource && $0.email.lowercased().hasSuffix(suffix) }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("resources")
            writer.array(resources) { writer, resource in
                writer.object {
                    $0.member("email", resource.email)
                    $0.member("name", resource.name)
                }
            }
        }
        return .json(writer.bytes)
    }
}

/// Whom a provider shows, with its failures as the API says them.
enum Neighbours {
    static func list(
        _ profile: Profile, credential: Secret?, _ call: APICall
    ) async throws -> [RemoteNeighbour] {
        do { return try await call.services.neighbours.list(profile, credential: credential) } catch let failure
            as NeighbourListing.Failure
        {
            switch failure {
            case .disconnected: throw APIError.locked
            case .unreachable(let reason): throw APIError.unreachable(reason: reason)
            }
        }
    }
}
