public import Accounts

/// What a browser brings to `/oauth/authorize`: checked in whole, so that what follows need not look again.
public struct AuthorizationRequest: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// A person links their own calendars.
        case person
        /// An administrator opens the calendars of a domain (`/enterprise_connect/oauth/authorize`).
        case domain
    }

    public let kind: Kind
    public let application: Application
    public let returning: ReturnAddress
    public let scope: Scope
    /// What may later be asked for others' calendars.
    public let delegatedScope: Scope?
    /// Make a new account instead of adding to the remembered one.
    public let avoidsLinking: Bool
    public let linkToken: Secret?
    /// `google`, `apple` and the like: which provider to offer first.
    public let provider: String?
    public let challenge: CodeChallenge?

    /// Why a request goes no further.
    public enum Refusal: Error, Hashable, Sendable {
        /// Who asks, or where to go back to, is not certain: said on a page of ours (RFC 6749 §4.1.2.1).
        case shown(OAuthFault)
        case returned(OAuthFault, to: ReturnAddress)
    }

    /// The application that `parameters` name.
    public static func client(in parameters: Parameters) throws(Refusal) -> ClientID {
        guard let id = try parameters.once("client_id") else {
            throw .shown(OAuthFault(.invalidRequest, "client_id is missing"))
        }
        return ClientID(id)
    }

    /// - Parameter application: the one that `client(in:)` names, where it exists.
    public init(_ kind: Kind, _ parameters: Parameters, by application: Application?) throws(Refusal) {
        guard let application else {
            throw .shown(OAuthFault(.invalidClient, "client_id is not an application of this server"))
        }
        guard let text = try parameters.once("redirect_uri") else {
            throw .shown(OAuthFault(.invalidRequest, "redirect_uri is missing"))
        }
        guard let redirect = RedirectURI(text, of: application) else {
            throw .shown(
                OAuthFault(
                    .invalidRequest,
                    "redirect_uri is not registered for this application; it must be the same byte for byte"))
        }
        var returning = ReturnAddress(redirect: redirect, state: nil)
        do throws(OAuthFault) {
            returning = ReturnAddress(redirect: redirect, state: try parameters.single("state"))
            guard (returning.state ?? "").utf8.count <= 4096 else {
                throw OAuthFault(.invalidRequest, "state is longer than 4096 bytes")
            }
            guard try parameters.single("response_type") == "code" else {
                throw OAuthFault(.unsupportedResponseType, "response_type must be code")
            }
            scope = try Self.scope(parameters.list("scope"), "scope", kind == .domain ? .domain : .person)
            let delegated = try parameters.list("delegated_scope")
            delegatedScope = delegated == nil ? nil : try Self.scope(delegated, "delegated_scope", .person)
            guard kind == .person || delegatedScope != nil else {
                throw OAuthFault(.invalidScope, "delegated_scope is missing: what may be asked for the domain's people")
            }
            avoidsLinking = try parameters.flag("avoid_linking")
            linkToken = try parameters.single("link_token").map { Secret($0) }
            provider = try parameters.single("provider_name")
            challenge = try CodeChallenge(
                challenge: parameters.single("code_challenge"), method: parameters.single("code_challenge_method"))
            guard challenge != nil || !application.isPublic else {
                throw OAuthFault(
                    .invalidRequest,
                    "code_challenge is missing: an application without a secret must send one (RFC 7636)")
            }
        } catch {
            throw .returned(error, to: returning)
        }
        (self.kind, self.application, self.returning) = (kind, application, returning)
    }

    private static func scope(_ text: String?, _ name: String, _ kind: Kind) throws(OAuthFault) -> Scope {
        let scope = Scope(text ?? "")
        guard !scope.names.isEmpty else { throw OAuthFault(.invalidScope, "\(name) is missing") }
        guard scope.names.count <= 50 else { throw OAuthFault(.invalidScope, "\(name) holds more than 50 names") }
        let unknown = kind == .domain ? scope.unknownServiceAccountNames : scope.unknownNames
        guard unknown.isEmpty else {
            // Only what a scope may be made of is said again (RFC 6749 §3.3).
            throw OAuthFault(
                .invalidScope,
                "\(name) holds names that are not known here; known are: "
                    + (kind == .domain ? Scope.serviceAccount : .all).description)
        }
        return scope
    }
}

/// Where the answer goes: the address that was checked, and the state that came.
public struct ReturnAddress: Hashable, Sendable {
    public let redirect: RedirectURI
    public let state: String?

    public init(redirect: RedirectURI, state: String?) { (self.redirect, self.state) = (redirect, state) }

    /// `issuer` says who answers, against mix-ups (RFC 9207 §2).
    public func address(with code: Secret, issuer: String) -> String {
        address([("code", code.reveal())], issuer)
    }

    public func address(with fault: OAuthFault, issuer: String) -> String {
        address([("error", fault.code.rawValue), ("error_description", fault.description)], issuer)
    }

    private func address(_ parameters: [(name: String, value: String)], _ issuer: String) -> String {
        redirect.adding(parameters + (state.map { [("state", $0)] } ?? []) + [("iss", issuer)])
    }
}
