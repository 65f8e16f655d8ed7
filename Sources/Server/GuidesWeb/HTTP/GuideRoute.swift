import PageKit

/// One row of the table of pages: what it answers to, and whom.
struct GuideRoute: Sendable {
    enum Method: Sendable { case get, post }
    /// Who is answered. Where a role is asked for, the path names the service in `{service}`; everybody else gets the page
    /// of a path that does not exist.
    enum Access: Sendable, CaseIterable {
        case everyone
        /// Everyone too, with a form whose address alone carries the right to send it: framed pages get no cookies.
        case guest
        case signedIn
        /// Any active member.
        case member
        /// Owners and office managers.
        case office
        case owner
        /// With sample data only.
        case sample
    }

    let method: Method
    let path: String
    let access: Access
    let answer: @Sendable (GuideVisit) async throws -> Answer

    static let formLimit = 1 << 18

    static func get(
        _ path: String, _ access: Access, _ answer: @escaping @Sendable (GuideVisit) async throws -> Answer
    ) -> GuideRoute { GuideRoute(method: .get, path: path, access: access, answer: answer) }

    static func post(
        _ path: String, _ access: Access, _ answer: @escaping @Sendable (GuideVisit) async throws -> Answer
    ) -> GuideRoute { GuideRoute(method: .post, path: path, access: access, answer: answer) }
}
