import Accounts
import Authorization
import HTTPTypes

/// `/permissions/{token}`: the owner of calendars gives an application a free hand in them, or does not.
struct PermissionHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer

    func show(_ visit: Visit) async throws -> Answer {
        let (request, application) = try await request(visit)
        guard let redirect = RedirectURI(request.redirectURI, of: application) else { throw PageFailure.notFound }
        guard visit.person == request.account else { return try await unknownPerson(request, visit) }
        let names = try await services.profiles.calendars(of: request.account)
            .filter { request.calendars.contains($0.id) }.map(\.name)
        let no = ReturnAddress(redirect: redirect, state: nil).address(
            with: OAuthFault(.accessDenied, "the person said no"), issuer: services.publicURL)
        var answer = pages.answer(
            PermissionPage(
                application, request, calendars: names, action: visit.path, cancel: no), for: visit)
        answer.formTarget = redirect.source
        return answer
    }

    func grant(_ visit: Visit) async throws -> Answer {
        let (request, application) = try await request(visit)
        guard visit.person == request.account, let redirect = RedirectURI(request.redirectURI, of: application) else {
            throw PageFailure.notFound
        }
        try await services.authorization.grant(request)
        return .leaving(to: redirect.text)
    }

    private func request(_ visit: Visit) async throws -> (PermissionRequest, Application) {
        guard let request = services.authorization.permissionRequest(Secret(try visit.parameter("token"))),
            let application = try await services.accounts.application(request.client)
        else { throw PageFailure.notFound }
        return (request, application)
    }

    /// Whoever holds the link is not its owner by that: the owner's calendar password shows it.
    private func unknownPerson(_ request: PermissionRequest, _ visit: Visit) async throws -> Answer {
        let profile = try await services.profiles.profiles(of: request.account).first { $0.username != nil }
        let path = profile.map {
            "/relink/\(services.authorization.relinkToken(for: $0.id, of: $0.account).reveal())"
        }
        return pages.answer(UnknownPersonPage(relink: path), for: visit, status: .forbidden)
    }
}
