import CivilTime
import Google
import GuardedHTTP
import Microsoft
import SignInKit

/// How this server is registered at one vendor: settings `google-client-id`, `google-client-secret`, `google-url`, and the
/// same for Microsoft.
struct VendorSettings: Hashable, Sendable {
    let id: String
    let secret: GuardedHTTP.Secret
    /// A stand-in's root; nil: the vendor's own addresses.
    let root: WebAddress?
    var isPretend = false

    /// Nil where neither of the two is set.
    init?(_ vendor: String, _ setting: (String) -> String?) throws(Configuration.Problem) {
        let (id, secret) = (setting(vendor + "-client-id"), setting(vendor + "-client-secret"))
        guard id != nil || secret != nil else { return nil }
        guard let id, let secret else {
            throw .init("\(vendor)-client-id and \(vendor)-client-secret belong together; one of them is missing")
        }
        (self.id, self.secret) = (id, GuardedHTTP.Secret(secret))
        guard let url = setting(vendor + "-url") else {
            root = nil
            return
        }
        do { root = try WebAddress(parsing: url) } catch { throw .init("\(vendor)-url: \(error.sentence)") }
    }

    /// The stand-in that this server brings along at `root`.
    init(pretendAt root: WebAddress) {
        (id, secret) = ("sandbox-client", GuardedHTTP.Secret("sandbox-secret"))
        (self.root, isPretend) = (root, true)
    }

    static let vendors = ["google", "microsoft"]

    func connection(to vendor: String, client: GuardedClient, now: @escaping @Sendable () -> Instant)
        throws(WebAddress.Fault) -> VendorConnection
    {
        let isGoogle = vendor == "google"
        let server = try isGoogle ? GoogleSignIn.server(root: root) : MicrosoftSignIn.server(root: root)
        return VendorConnection(
            signIn: SignInClient(server, id: id, secret: secret, client: client, now: now),
            api: try isGoogle ? GoogleSignIn.api(root: root) : MicrosoftSignIn.api(root: root), isPretend: isPretend)
    }
}
