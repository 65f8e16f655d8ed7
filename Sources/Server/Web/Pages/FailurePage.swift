import HTTPTypes

/// What went wrong, and what to do about it.
struct FailurePage: PageView {
    let title: String
    let explanation: String
    let status: HTTPResponse.Status
    /// Seconds.
    private(set) var retryAfter: Int64?
    let linkLabel: String
    let linkPath: String

    init(_ failure: PageFailure) {
        (linkLabel, linkPath) =
            failure == .signInNeeded ? ("How to sign in", "/sign-in") : ("Go to the start page", "/")
        switch failure {
        case .notFound:
            (status, title) = (.notFound, "Not found")
            explanation = "There is no such page, or it is not yours to see."
        case .signInNeeded:
            (status, title) = (.unauthorized, "Sign in first")
            explanation = "You are not signed in, or your session has ended."
        case .foreignForm:
            (status, title) = (.forbidden, "Nothing was changed")
            explanation = """
                That form did not come from a page of this server that you have open now. Open the page again and \
                send the form from there.
                """
        case .tooLarge(let limit):
            (status, title) = (.contentTooLarge, "Too large")
            explanation = "That is more than \(limit >> 20) MB, which is the most this page takes."
        case .malformed:
            (status, title) = (.badRequest, "That form could not be read")
            explanation = "Open the page again and send the form from there."
        case .tooManyTries(let seconds):
            (status, title, retryAfter) = (.tooManyRequests, "Too many tries", seconds)
            let minutes = (seconds + 59) / 60
            explanation = """
                There were too many wrong passwords or links in a short time, so this one was not looked at. Try again \
                in \(minutes == 1 ? "a minute" : "\(minutes) minutes"). Whoever is signed in already stays so.
                """
        case .unavailable:
            (status, title, retryAfter) = (.serviceUnavailable, "The database is away", 2)
            explanation = "Nothing was changed. Try again in a moment; the server comes back by itself."
        case .storageFull:
            status = .init(code: 507, reasonPhrase: "Insufficient Storage")
            (title, retryAfter) = ("Nothing was changed", 60)
            explanation = """
                The volume of the database is full, read-only or failing, so nothing can be changed now. Calendars can \
                still be looked at. Whoever runs this server must make space.
                """
        case .failed:
            (status, title) = (.internalServerError, "Something went wrong here")
            explanation = "The cause is in the server’s log. Nothing you typed is at fault; try again in a moment."
        }
    }

    static let template = """
        <section class="narrow">
        <h1>{{.title}}</h1>
        <p class="lead">{{.explanation}}</p>
        <p><a class="button" href="{{.linkPath}}">{{.linkLabel}}</a></p>
        </section>
        """
}
