import HTTPTypes

/// What an endpoint takes and gives, kept beside it in its file: the source of openapi.json, and what answers are
/// checked against. Path parts need no mention, and the errors every endpoint may answer are added by themselves.
struct EndpointContract: Hashable, Sendable {
    var query: [Parameter] = []
    /// Of the request, JSON or a form; nil: none is read.
    var body: Schema?
    /// What success looks like.
    var success: Success

    struct Parameter: Hashable, Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool
        let note: String

        static func required(_ name: String, _ schema: Schema, _ note: String = "") -> Parameter {
            Parameter(name: name, schema: schema, isRequired: true, note: note)
        }
        static func optional(_ name: String, _ schema: Schema, _ note: String = "") -> Parameter {
            Parameter(name: name, schema: schema, isRequired: false, note: note)
        }
    }

    enum Success: Hashable, Sendable {
        /// 200 and JSON.
        case json(Schema)
        /// 202 without a body.
        case accepted
        /// 200 without a body.
        case empty
        /// Another status with JSON.
        case other(Int, Schema)
        /// 302 to another address.
        case redirect
        /// A page for people.
        case page

        var status: Int {
            switch self {
            case .json, .empty, .page: 200
            case .accepted: 202
            case .other(let status, _): status
            case .redirect: 302
            }
        }

        var schema: Schema? {
            switch self {
            case .json(let schema), .other(_, let schema): schema
            case .accepted, .empty, .redirect, .page: nil
            }
        }
    }
}

/// The shapes of errors.
enum ErrorSchemas {
    /// OAuth's two members (RFC 6749 §5.2), for every error but 422.
    static let message = Schema.named("Error", .object(["error": .text], optional: ["error_description": .text]))
    static let fields = Schema.named(
        "FieldErrors",
        .object(["errors": .map(.array(.object(["key": .text, "description": .text]), atLeast: 1))]))

    /// Every error status with its meaning and shape.
    static let all: [(status: Int, meaning: String, schema: Schema)] = [
        (400, "The body or the request is not of its form.", message),
        (401, "No credential, or one that is not accepted.", message),
        (402, "Not part of this server.", message),
        (403, "The credential does not allow this.", message),
        (404, "Not there for this credential.", message),
        (405, "Another method; Allow names those there are.", message),
        (409, "It contradicts what stands.", message),
        (410, "It was there and is not any more.", message),
        (413, "The body is too large.", message),
        (422, "Fields are missing or wrong.", fields),
        (423, "The calendar's profile must be reconnected.", message),
        (429, "Too many requests; Retry-After says when to go on.", message),
        (500, "A fault of this server.", message),
        (502, "The calendar provider could not be reached.", message),
        (503, "The database is away; Retry-After says when to try again.", message),
        (507, "The volume is full.", message),
    ]

    /// The schema of an error's body; nil where no endpoint may answer the status.
    static func schema(_ status: Int) -> Schema? { all.first { $0.status == status }?.schema }
}
