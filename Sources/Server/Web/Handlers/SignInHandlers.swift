import Accounts
import HTTPTypes

/// Signing in by a link, and out.
struct SignInHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer
    let cookie: SessionCookie

    func help(_ visit: Visit) -> Answer { pages.answer(SignInPage(action: nil, wasOpened: false), for: visit) }

    /// Shows a button; spends nothing, for scanners and previews open links too.
    func open(_ visit: Visit) async throws -> Answer {
        let link = Secret(try visit.parameter("token"))
        let keys = visit.tryKeys()
        try services.tries.take(keys)
        guard try await services.signIns.isOpen(link) else { return closed(visit) }
        services.tries.giveBack(keys)
        let browser = Secret(Crypto.token(32))
        let page = SignInPage(
            action: "/sign-in/" + PercentCoding.encodeSegment(link.reveal()), wasOpened: true)
        let frame = PageFrame(formToken: services.signIns.formToken(for: browser))
        var answer = pages.answer(page, frame: frame, for: visit)
        answer.cookies = [cookie.signIn(browser)]
        return answer
    }

    func redeem(_ visit: Visit) async throws -> Answer {
        let keys = visit.tryKeys()
        try services.tries.take(keys)
        guard let (token, _) = try await services.signIns.redeem(Secret(try visit.parameter("token"))) else {
            return closed(visit)
        }
        services.tries.giveBack(keys)
        // A new session has a new token; one from before does not go on beside it.
        if let old = visit.sessionToken { try await services.signIns.end(old) }
        var answer = Answer.seeOther("/")
        answer.cookies = [cookie.session(token)]
        return answer
    }

    func end(_ visit: Visit) async throws -> Answer {
        if let token = visit.sessionToken { try await services.signIns.end(token) }
        var answer = Answer.seeOther("/sign-in")
        answer.cookies = cookie.ended
        return answer
    }

    private func closed(_ visit: Visit) -> Answer {
        pages.answer(SignInPage(action: nil, wasOpened: true), for: visit, status: .gone)
    }
}
