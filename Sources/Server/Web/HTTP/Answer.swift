import HTTPTypes

/// What a page answers, before the headers that every answer carries.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var contentType: String
    var body: String
    var location: String?
    var cookies: [String] = []
    /// Assets may be kept for ever, since their address holds their hash; everything else is personal.
    var isImmutable = false
    /// A place outside that a form of the page may lead to: browsers hold redirects after a form to the policy.
    var formTarget: String?
    /// Seconds after which it may be tried again.
    var retryAfter: Int64?
    /// The page has the one script there is.
    var hasScript = false

    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status: status, contentType: "text/html; charset=utf-8", body: text)
    }

    /// After a change: read the page at `path` (RFC 9110 §15.4.4). `path` is always one of our own.
    static func seeOther(_ path: String) -> Answer {
        Answer(status: .seeOther, contentType: "text/plain; charset=utf-8", body: "", location: path)
    }

    /// To an address of an application, which has been checked against those it registered.
    static func leaving(to address: String) -> Answer {
        Answer(status: .found, contentType: "text/plain; charset=utf-8", body: "", location: address)
    }

    static func asset(_ text: String, type: String) -> Answer {
        Answer(status: .ok, contentType: type, body: text, isImmutable: true)
    }

    /// The header fields, those of security included.
    var headers: HTTPFields {
        var fields: HTTPFields = [
            .contentType: contentType,
            .cacheControl: isImmutable ? "public, max-age=31536000, immutable" : "no-store",
            .contentSecurityPolicy: """
            default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'\(formTarget.map { " " + $0 } ?? ""); \
            frame-ancestors 'none'; base-uri 'none'\(hasScript ? "; script-src 'self'" : "")
            """,
            .xContentTypeOptions: "nosniff",
        ]
        for (name, value) in Self.extra { fields[name] = value }
        if let retryAfter { fields[.retryAfter] = String(retryAfter) }
        if let location { fields[.location] = location }
        for cookie in cookies { fields.append(HTTPField(name: .setCookie, value: cookie)) }
        return fields
    }

    private static let extra: [(HTTPField.Name, String)] = [
        ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Permissions-Policy", "interest-cohort=()"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}
