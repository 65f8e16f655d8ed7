import Accounts
import CivilTime
import Google
import GuardedHTTP
import Microsoft
import ProviderKit
import SignInKit
import Sync

/// One vendor that people sign in with, as this server is registered there.
struct VendorConnection: Sendable {
    let signIn: SignInClient
    /// Where its API is.
    let api: WebAddress
    /// A stand-in that this server brings along, with nobody real in it.
    var isPretend = false
}

/// The access token of one connection, from the one place that renews it.
struct KeptToken: AccessTokens {
    let keeper: GrantKeeper
    let profile: Profile
    let signIn: SignInClient

    func token(afterRefusalOf refused: GuardedHTTP.Secret?) async throws(RemoteFailure) -> GuardedHTTP.Secret {
        let signIn = self.signIn
        return GuardedHTTP.Secret(
            try await keeper.token(
                of: profile.id, account: profile.account, refused: refused?.revealed, vendor: signIn.server.vendor
            ) { (tokens) throws(SignInRefusal) in try await signIn.refresh(tokens) })
    }
}

/// The token of a connection that is being made, not yet kept anywhere.
struct FirstToken: AccessTokens {
    let access: String
    func token(afterRefusalOf refused: GuardedHTTP.Secret?) async throws(RemoteFailure) -> GuardedHTTP.Secret {
        guard refused == nil else {
            throw .authorizationLost(reason: "The new connection was refused at once. Connect again.")
        }
        return GuardedHTTP.Secret(access)
    }
}
