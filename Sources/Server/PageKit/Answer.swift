public import HTTPTypes

/// What a page answers, before the headers that every answer carries.
public struct Answer: Sendable {
    public var status: HTTPResponse.Status
    public var contentType: String
    public var body: String
    public var location: String?
    public var cookies: [String] = []
    /// Assets may be kept for ever, since their address holds their hash; everything else is personal.
    public var isImmutable = false
    /// A place outside that a form of the page may lead to: browsers hold redirects after a form to the policy.
    public var formTarget: String?
    /// Seconds after which it may be tried again.
    public var retryAfter: Int64?
    /// The page has scripts of this server, and what they ask for comes from here too.
    public var hasScript = false
    /// Who may show the page in a frame, as sources of a content security policy.
    public var frameAncestors = "'none'"
    /// Fields that only this answer has, such as the scope of a service worker.
    public var extra: HTTPFields = [:]

    public init(status: HTTPResponse.Status, contentType: String, body: String, location: String? = nil) {
        (self.status, self.contentType, self.body, self.location) = (status, contentType, body, location)
    }

    public static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status: status, contentType: "text/html; charset=utf-8", body: text)
    }

    /// After a change: read the page at `path` (RFC 9110 §15.4.4). `path` is always one of our own.
    public static func seeOther(_ path: String) -> Answer {
        Answer(status: .seeOther, contentType: "text/plain; charset=utf-8", body: "", location: path)
    }

    /// To an address of an application, which has been checked against those it registered.
    public static func leaving(to address: String) -> Answer {
        Answer(status: .found, contentType: "text/plain; charset=utf-8", body: "", location: address)
    }

    public static func asset(_ text: String, type: String) -> Answer {
        var answer = Answer(status: .ok, contentType: type, body: text)
        answer.isImmutable = true
        return answer
    }

    /// The header fields, those of security included.
    public var headers: HTTPFields {
        var fields: HTTPFields = [
            .contentType: contentType,
            .cacheControl: isImmutable ? "public, max-age=31536000, immutable" : "no-store",
            .contentSecurityPolicy: """
            default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'\(formTarget.map { " " + $0 } ?? ""); \
            frame-ancestors \(frameAncestors); base-uri 'none'\(hasScript ? Self.scriptPolicy : "")
            """,
            .xContentTypeOptions: "nosniff",
        ]
        for (name, value) in Self.everywhere { fields[name] = value }
        // Older browsers know no list of ancestors; where there is one, the policy above is the only word on it.
        if frameAncestors == "'none'" { fields[.frameOptions] = "DENY" }
        for field in extra { fields[field.name] = field.value }
        if let retryAfter { fields[.retryAfter] = String(retryAfter) }
        if let location { fields[.location] = location }
        for cookie in cookies { fields.append(HTTPField(name: .setCookie, value: cookie)) }
        return fields
    }

    private static let scriptPolicy =
        "; script-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'"

    private static let everywhere: [(HTTPField.Name, String)] = [
        ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Permissions-Policy", "interest-cohort=()"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}

extension HTTPField.Name {
    // A literal that is a valid name.
    fileprivate static var frameOptions: HTTPField.Name { HTTPField.Name("X-Frame-Options") ?? .contentSecurityPolicy }
}
