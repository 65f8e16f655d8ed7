public import Accounts
public import CivilTime

/// What a person wants to connect.
public enum ConnectRequest: Hashable, Sendable {
    /// `address`: a URL, a domain or an e-mail address, as typed. `confirmedSite` is the site the person agreed to
    /// send the password to, after `ConnectError.needsConfirmation`.
    case calDAV(address: String, username: String, password: Secret, confirmedSite: String?)
    case iCloud(appleID: String, appPassword: Secret)
    /// An `https:`, `http:` or `webcal:` address, which is a secret by itself at many providers.
    case ics(address: Secret, name: String?)
    /// An account at a vendor where the person has just signed in. `grant` is what `VendorSigningIn.finish` gave.
    case signedIn(vendor: String, grant: Secret)
    /// A calendar that lives here; no zone means the account's.
    case native(name: String, zone: ZoneID?)

    /// Whose password it shows; nil where it shows none.
    var username: String? {
        switch self {
        case .calDAV(_, let username, _, _): username
        case .iCloud(let appleID, _): appleID
        case .ics, .signedIn, .native: nil
        }
    }
}
