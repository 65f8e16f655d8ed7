/// One row of the table of pages: what it answers to, and whom.
struct PageRoute: Sendable {
    enum Method: Sendable { case get, post }
    enum Access: Sendable {
        case everyone
        case signedIn
        case operatorOnly
        /// Those who see the account that the path names in `{account}`.
        case account
    }

    let method: Method
    let path: String
    let access: Access
    /// Bytes of the body.
    let limit: Int
    let answer: @Sendable (Visit) async throws -> Answer

    static let formLimit = 1 << 20
    static let uploadLimit = 10 << 20

    static func get(_ path: String, _ access: Access, _ answer: @escaping @Sendable (Visit) async throws -> Answer)
        -> PageRoute
    {
        PageRoute(method: .get, path: path, access: access, limit: 0, answer: answer)
    }

    static func post(
        _ path: String, _ access: Access, limit: Int = formLimit,
        _ answer: @escaping @Sendable (Visit) async throws -> Answer
    ) -> PageRoute {
        PageRoute(method: .post, path: path, access: access, limit: limit, answer: answer)
    }
}
