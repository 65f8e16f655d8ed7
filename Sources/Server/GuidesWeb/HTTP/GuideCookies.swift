import HTTPTypes
import PageKit
import Sealing
import Season

/// The cookies of guide services' pages.
struct GuideCookies: Hashable, Sendable {
    /// `__Host-` binds a cookie to this host and to https (RFC 6265bis §4.1.3.2).
    let session, browser: String
    private let attributes: String

    init(publicURL: String) {
        let isSecure = publicURL.lowercased().hasPrefix("https:")
        session = (isSecure ? "__Host-" : "") + "anchorpoint_season"
        browser = (isSecure ? "__Host-" : "") + "anchorpoint_season_form"
        attributes = "; Path=/; HttpOnly" + (isSecure ? "; Secure" : "")
    }

    func session(_ token: Secret) -> String {
        "\(session)=\(token.reveal())\(attributes); SameSite=Lax; Max-Age=\(SeasonStore.sessionLife)"
    }

    /// Ties forms to the browser that opened them, where nobody is signed in.
    func browser(_ token: Secret) -> String { "\(browser)=\(token.reveal())\(attributes); SameSite=Lax" }

    var ended: [String] { [session, browser].map { "\($0)=\(attributes); SameSite=Lax; Max-Age=0" } }

    static func value(of name: String, in headers: HTTPFields) -> Secret? {
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let halves = pair.split(separator: "=", maxSplits: 1)
                if halves.count == 2, halves[0].trimmed == name { return Secret(halves[1].trimmed) }
            }
        }
        return nil
    }
}
