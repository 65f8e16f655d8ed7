import Accounts
import HTTPTypes

/// One request as the pages see it: decoded, limited, and with its visitor known.
struct Visit: Sendable {
    var method: HTTPRequest.Method
    /// The path as it was sent, without the query.
    var path: String
    /// Parts of the path that the route names, decoded.
    var parameters: [String: String] = [:]
    var query: FormValues = FormValues()
    var form: FormValues = FormValues()
    /// The file of an upload form.
    var upload: Upload?
    var headers: HTTPFields = [:]
    /// The network it comes from, as limits count it.
    var network = "unknown"
    var session: Session?
    /// The cookie of `session`.
    var sessionToken: Secret?
    /// Whose calendars this browser has connected: remembered, or signed in.
    var person: AccountID?

    struct Upload: Hashable, Sendable {
        /// As the browser named it; for people to read only.
        let name: String
        let bytes: [UInt8]
    }

    func parameter(_ name: String) throws(PageFailure) -> String {
        guard let value = parameters[name], !value.isEmpty else { throw .notFound }
        return value
    }
}
