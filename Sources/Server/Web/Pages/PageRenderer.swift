import HTTPTypes
import Mustache

/// Turns view values into HTML. All text is escaped by the template engine; no template turns that off.
struct PageRenderer: Sendable {
    /// Every page there is.
    static let all: [any PageView.Type] = [
        SignInPage.self, PeoplePage.self, PersonPage.self, ConnectPage.self, ConnectFormPage.self, ReconnectPage.self,
        RemovePage.self, WeekPage.self, MonthPage.self, PutAsidePage.self, FailurePage.self, AuthorizePage.self,
        AuthorizeFormPage.self, AuthorizeVendorPage.self, VendorFailurePage.self, AuthorizeFailurePage.self,
        PermissionPage.self, UnknownPersonPage.self, RelinkPage.self,
        AccessPage.self, DomainPage.self, ApplicationsPage.self, NewSecretPage.self, ApplicationPage.self,
        ChannelsPage.self, RequestsPage.self, TryPage.self,
    ]

    private let library: MustacheLibrary
    let stylesheet: Stylesheet

    init() throws {
        var library = MustacheLibrary()
        for (name, text) in Layout.partials { try library.register(text, named: name) }
        for page in Self.all {
            try library.register(Layout.wrapping(page.template), named: String(describing: page))
        }
        (self.library, stylesheet) = (library, Stylesheet())
    }

    /// The page for `visit`; `frame` says what stands around it.
    func html(_ page: some PageView, frame: PageFrame = PageFrame(), for visit: Visit) -> String {
        let document = Document(
            chrome: Chrome(page.title, frame: frame, visit: visit, stylesheet: stylesheet.path), page: page)
        guard let html = library.render(document, withTemplate: String(describing: type(of: page))) else {
            assertionFailure("\(type(of: page)) is not among all pages")
            return ""
        }
        return html
    }

    func answer(
        _ page: some PageView, frame: PageFrame = PageFrame(), for visit: Visit,
        status: HTTPResponse.Status = .ok
    ) -> Answer {
        .html(html(page, frame: frame, for: visit), status: status)
    }

    func failure(_ failure: PageFailure, for visit: Visit) -> Answer {
        let page = FailurePage(failure)
        var answer = answer(page, for: visit, status: page.status)
        answer.retryAfter = page.retryAfter
        return answer
    }

    private struct Document {
        let chrome: Chrome
        let page: Any
    }
}
