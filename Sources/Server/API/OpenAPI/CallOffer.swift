import CronofyWire
import HTTPTypes

/// One endpoint as a developer may try it: with a path and a body that are whole, made from its contract.
public struct CallOffer: Hashable, Sendable {
    /// As in openapi.json.
    public let id: String
    /// `GET`, `POST` or `DELETE`.
    public let method: String
    /// Placeholders filled where a value is known; the others stand as `{name}`.
    public let path: String
    public let summary: String
    /// Whether it takes the API key in place of an access token.
    public let takesKey: Bool
    /// JSON; empty where none is read.
    public let body: String

    /// Everything that a test account can be used for.
    /// - Parameter values: what members and parts of paths of a name hold, such as `calendar_id`.
    public static func all(filling values: [String: String]) -> [CallOffer] {
        EndpointTable.rows.compactMap { row in
            let takesKey: Bool
            switch row.access {
            case .account: takesKey = false
            case .application, .key: takesKey = true
            case .admin, .client: return nil
            }
            // Everything in it would be ended by trying these.
            guard !row.path.hasSuffix("/revoke") else { return nil }
            return CallOffer(row, takesKey: takesKey, values)
        }
    }

    private init(_ row: EndpointRow, takesKey: Bool, _ values: [String: String]) {
        (id, method, summary) = (row.operationID, row.method.rawValue, row.summary)
        self.takesKey = takesKey
        var path = row.path
        for (name, value) in values { path = path.replacing("{\(name)}", with: value) }
        let required = (row.contract?.query ?? []).filter(\.isRequired)
        if !required.isEmpty {
            path += "?" + required.map { "\($0.name)=\(values[$0.name] ?? "")" }.joined(separator: "&")
        }
        self.path = path
        var writer = JSONWriter()
        if let body = row.contract?.body { writer.value(body.example(named: "", values)) }
        body = writer.text
    }
}

extension Schema {
    /// A value that fits: what must be there, and what a value is known for.
    fileprivate func example(named name: String, _ values: [String: String]) -> JSONValue {
        switch self {
        case .text(let kind, _): return .string(values[name] ?? Self.word(kind))
        case .integer(let range):
            // Shown to a developer, never computed with.
            let known = values[name].flatMap { Int64($0) }
            return .integer(known ?? range?.lowerBound ?? 1)
        case .number: return .integer(1)
        case .flag: return .bool(true)
        case .array(let element, _, _):
            // `calendar_ids` holds what `calendar_id` is.
            return .array([element.example(named: name.hasSuffix("s") ? String(name.dropLast()) : name, values)])
        case .object(let members):
            let pairs = members.filter { $0.isRequired || values[$0.name] != nil }.map {
                ($0.name, $0.schema.example(named: $0.name, values))
            }
            return .object(Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
        case .either(let choices): return choices.first?.example(named: name, values) ?? .null
        case .named(_, let schema): return schema.example(named: name, values)
        case .map, .anything: return .object([:])
        }
    }

    private static func word(_ kind: Text) -> String {
        switch kind {
        case .any: "example"
        case .time: "2031-04-05T08:00:00Z"
        case .date: "2031-04-05"
        case .email: "sam@example.com"
        case .uri: "https://app.example.com/hook"
        case .oneOf(let words): words.first ?? ""
        }
    }
}
