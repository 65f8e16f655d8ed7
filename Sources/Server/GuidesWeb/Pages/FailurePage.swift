import HTTPTypes
import PageKit

/// What went wrong, and what to do about it.
struct FailurePage: Sendable {
    let title, explanation: String
    let status: HTTPResponse.Status
    private let link: (label: String, path: String)

    init(_ failure: GuideFailure) {
        var link = (label: "Go to the start page", path: "/guides")
        switch failure {
        case .notFound:
            (status, title) = (.notFound, "Not found")
            explanation = "There is no such page, or it is not yours to see."
        case .signInNeeded:
            (status, title, link) = (.unauthorized, "Sign in first", ("Sign in", "/guides/sign-in"))
            explanation = "You are not signed in, or your session has ended."
        case .foreignForm:
            (status, title) = (.forbidden, "Nothing was changed")
            explanation = """
                That form did not come from a page of this server that you have open now. Open the page again and send \
                the form from there.
                """
        case .tooLarge:
            (status, title) = (.contentTooLarge, "Too large")
            explanation = "That is more than this page takes. Nothing was changed."
        case .tooMany:
            (status, title) = (.tooManyRequests, "Too many tries")
            explanation = "Wait a quarter of an hour and try again."
        case .refused(let title, let reason):
            (status, self.title, explanation) = (.conflict, title, reason)
        case .unavailable:
            (status, title) = (.serviceUnavailable, "The database is away")
            explanation = "Nothing was changed. Try again in a moment; the server comes back by itself."
        case .storageFull:
            (status, title) = (.init(code: 507, reasonPhrase: "Insufficient Storage"), "Nothing was changed")
            explanation = "The database’s volume takes no writes. Whoever runs this server must make space."
        case .failed:
            (status, title) = (.internalServerError, "Something went wrong here")
            explanation = "The cause is in the server’s log. Nothing you typed is at fault; try again in a moment."
        }
        self.link = link
    }

    func answer(for visit: GuideVisit) -> Answer {
        GuidePage(
            title,
            body: """
                <section class="narrow"><h1>\(title)</h1><p class="lead">\(explanation)</p>
                <p><a class="button" href="\(link.path)">\(link.label)</a></p></section>
                """
        ).answer(for: visit, status: status)
    }
}
