import Accounts
import HTTPTypes

/// The cookies that pages set.
struct SessionCookie: Hashable, Sendable {
    /// `__Host-` binds the cookie to this host and to https (RFC 6265bis §4.1.3.2).
    let name: String
    let signInName: String
    /// Who connected calendars with this browser, for the next time.
    let personName: String
    /// A sign-in with a vendor that is under way.
    let linkingName: String
    private let attributes: String

    init(publicURL: String) {
        let isSecure = publicURL.lowercased().hasPrefix("https:")
        name = (isSecure ? "__Host-" : "") + "anchorpoint_session"
        signInName = (isSecure ? "__Host-" : "") + "anchorpoint_sign_in"
        personName = (isSecure ? "__Host-" : "") + "anchorpoint_person"
        linkingName = (isSecure ? "__Host-" : "") + "anchorpoint_linking"
        attributes = "; Path=/; HttpOnly" + (isSecure ? "; Secure" : "")
    }

    func session(_ token: Secret) -> String {
        "\(name)=\(token.reveal())\(attributes); SameSite=Lax; Max-Age=\(SignIns.absoluteLife)"
    }

    func person(_ token: Secret) -> String {
        "\(personName)=\(token.reveal())\(attributes); SameSite=Lax; Max-Age=\(SignIns.absoluteLife)"
    }

    /// Ties the sign-in form to the browser that opened it.
    func signIn(_ token: Secret) -> String {
        "\(signInName)=\(token.reveal())\(attributes); SameSite=Strict; Max-Age=\(SignIns.linkLife)"
    }

    /// Lax: it must come along when the vendor sends the browser back.
    func linking(_ sealed: Secret) -> String {
        "\(linkingName)=\(sealed.reveal())\(attributes); SameSite=Lax; Max-Age=\(PendingSignIn.life)"
    }

    var linkingEnded: String { "\(linkingName)=\(attributes); SameSite=Lax; Max-Age=0" }

    var ended: [String] { [name, signInName, personName].map { "\($0)=\(attributes); SameSite=Lax; Max-Age=0" } }

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
