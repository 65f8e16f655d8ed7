/// Back from a vendor without a calendar: why, and the way on.
struct VendorFailurePage: PageView {
    let title = "Not connected"
    let vendor, reason: String
    let again: String?

    init(_ offer: VendorOffer, reason: String, again: String?) {
        (vendor, self.reason, self.again) = (offer.label, reason, again)
    }

    static let template = """
        <section class="narrow">
        <h1>Not connected</h1>
        <div class="problem" role="alert"><h3>{{.vendor}}</h3><p>{{.reason}}</p></div>
        {{#.again}}<p class="actions"><a class="button primary" href="{{.}}">Try again</a></p>{{/.again}}
        </section>
        """
}
