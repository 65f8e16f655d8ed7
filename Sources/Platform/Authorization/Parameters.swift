/// The query of an authorization request, in the order it came. Empty values count as absent, as SDKs send them.
public struct Parameters: Hashable, Sendable {
    private let pairs: [Pair]

    private struct Pair: Hashable, Sendable {
        let name, value: String
    }

    public init(_ pairs: [(name: String, value: String)]) {
        self.pairs = pairs.compactMap { $0.value.isEmpty ? nil : Pair(name: $0.name, value: $0.value) }
    }

    /// The value of `name`, which may come once only (RFC 6749 §3.1).
    func single(_ name: String) throws(OAuthFault) -> String? {
        let found = pairs.filter { $0.name == name }
        guard found.count <= 1 else { throw OAuthFault(.invalidRequest, "\(name) was sent more than once") }
        return found.first?.value
    }

    /// The same of what must be certain before anybody is sent anywhere.
    func once(_ name: String) throws(AuthorizationRequest.Refusal) -> String? {
        do { return try single(name) } catch { throw .shown(error) }
    }

    /// A list separated by spaces, or sent as `name[]`, `name[0]` and so on, as PHP does.
    func list(_ name: String) throws(OAuthFault) -> String? {
        let items = pairs.filter { $0.name.hasPrefix(name + "[") && $0.name.hasSuffix("]") }.map(\.value)
        return items.isEmpty ? try single(name) : items.joined(separator: " ")
    }

    /// `true`, `True`, `1`; absent is false.
    func flag(_ name: String) throws(OAuthFault) -> Bool {
        switch try single(name)?.lowercased() {
        case nil, "false", "0": return false
        case "true", "1": return true
        default: throw OAuthFault(.invalidRequest, "\(name) must be true or false")
        }
    }
}
