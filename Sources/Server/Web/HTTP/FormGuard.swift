import Accounts
import HTTPTypes

/// Pages with a form for people who need not be signed in: the form's token is tied to the session where there is one,
/// else to a cookie that comes with the page.
struct FormGuard: Sendable {
    let services: WebServices
    let cookie: SessionCookie

    func answer(
        _ page: some PageView, for visit: Visit, _ pages: PageRenderer, status: HTTPResponse.Status = .ok
    ) -> Answer {
        var frame = PageFrame(isPlain: true)
        guard visit.session == nil else { return pages.answer(page, frame: frame, for: visit, status: status) }
        let browser = SessionCookie.value(of: cookie.signInName, in: visit.headers) ?? Secret(Crypto.token(32))
        frame.formToken = services.signIns.formToken(for: browser)
        var answer = pages.answer(page, frame: frame, for: visit, status: status)
        answer.cookies = [cookie.signIn(browser)]
        return answer
    }
}
