/// The step to a vendor's own sign-in. A link and not a redirect: browsers hold what follows a form to the page's policy.
struct AuthorizeVendorPage: PageView {
    let title: String
    let head: AuthorizeHead
    let vendor, way, back: String

    init(_ offer: VendorOffer, _ step: AuthorizeVisit, head: AuthorizeHead, way: String) {
        (title, vendor, self.head) = (offer.title, offer.label, head)
        (self.way, back) = (way, step.address())
    }

    static let template =
        """
        <section class="consent">
        <div>
        <h1>{{.title}}</h1>
        <p class="lead">{{.vendor}} keeps this calendar. Sign in there and allow calendars; then you come back here.</p>
        <p class="actions"><a class="button primary" href="{{.way}}">Go to {{.vendor}}</a> \
        <a class="button quiet" href="{{.back}}">Choose another</a></p>
        {{#.head}}<p><a href="{{.cancel}}">Cancel and go back to {{.application}}</a></p>{{/.head}}
        </div>
        """ + AuthorizeHead.template + "</section>"
}
