/// What the layout shows, as plain values.
struct Chrome: Sendable {
    let title: String
    let stylesheet: String
    let isSignedIn: Bool
    let formToken: String
    let isOperator: Bool
    let head: PageHead?
    let notice: String?
    let refresh: String?
    let script: String?

    init(_ title: String, frame: PageFrame, visit: Visit, stylesheet: String) {
        self.title = frame.head.map { "\(title) · \($0.name)" } ?? title
        self.stylesheet = stylesheet
        // Forms of one page share its token: a page with one of its own has no form of the session's.
        isSignedIn = visit.session != nil && frame.formToken == nil && !frame.isPlain
        formToken = frame.formToken ?? visit.session?.formToken ?? ""
        (head, notice) = (frame.head, frame.notice)
        isOperator = isSignedIn && visit.session?.role == .operator
        refresh = frame.refresh.map(String.init)
        script = frame.isPlain ? ZoneScript.path : nil
    }
}
