import CronofyWire
import Season
import Trips

/// The caller's services, a line for each role.
struct MembershipEndpoint: Sendable {
    let services: GuidesAPIServices

    func list(_ call: GuidesCall) async throws -> GuidesReply {
        var lines: [(member: Member, role: Role, service: GuideService)] = []
        for member in try await services.store.memberships(of: call.person) {
            guard let service = try await services.store.service(member.service) else { continue }
            lines += member.roles.sorted { $0.rawValue < $1.rawValue }.map { (member, $0, service) }
        }
        return .json { writer in
            writer.array(lines) { writer, line in
                writer.object {
                    $0.member("guide_service", line.service.id.value)
                    $0.member("guide_service_name", line.service.name)
                    $0.member("slug", line.service.slug)
                    $0.member("role", line.role.rawValue)
                    $0.member("is_active", line.member.isActive)
                }
            }
        }
    }
}
