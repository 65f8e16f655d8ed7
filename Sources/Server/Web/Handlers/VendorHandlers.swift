import Accounts
import Authorization
import CivilTime
import HTTPTypes

/// To a vendor's consent page and back with a calendar.
struct VendorHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer
    let cookie: SessionCookie

    /// Sends the browser to the vendor. Changes nothing here: what is needed later goes with the browser.
    func leave(_ vendor: String, for goal: PendingSignIn.Goal, hint: String? = nil) throws -> Answer {
        let pending = PendingSignIn(
            vendor: vendor, state: Crypto.token(32), verifier: services.vendors.verifier(), goal: goal,
            expiresAt: Instant(seconds: services.now.seconds + PendingSignIn.life))
        guard
            let address = services.vendors.address(
                of: vendor, state: pending.state, verifier: pending.verifier, hint: hint)
        else { throw PageFailure.notFound }
        guard let sealed = pending.sealed(with: services.accounts.key) else { throw PageFailure.tooLarge(limit: 2000) }
        var answer = Answer.leaving(to: address)
        answer.cookies = [cookie.linking(sealed)]
        return answer
    }

    /// `GET /connect/{vendor}/callback`: only the browser that left can come back, once, with its own answer.
    func comeBack(_ visit: Visit) async throws -> Answer {
        let vendor = try visit.parameter("vendor")
        guard let offer = services.vendors.offers.first(where: { $0.name == vendor }) else {
            throw PageFailure.notFound
        }
        guard
            let pending = SessionCookie.value(of: cookie.linkingName, in: visit.headers)
                .flatMap({ PendingSignIn($0, key: services.accounts.key, now: services.now) }),
            pending.vendor == vendor,
            Crypto.equal(Array(pending.state.utf8), Array((visit.query["state"] ?? "").utf8))
        else {
            return failure(
                offer, retry: nil,
                "This answer belongs to no request of this browser, or it took longer than 15 minutes.",
                visit)
        }
        var answer: Answer
        do { answer = try await connect(pending, offer, visit) } catch let error as ConnectError {
            answer = failure(offer, retry: pending, error.words, visit)
        }
        answer.cookies.append(cookie.linkingEnded)
        return answer
    }

    private func connect(_ pending: PendingSignIn, _ offer: VendorOffer, _ visit: Visit) async throws -> Answer {
        guard let code = visit.query["code"] else {
            let isDenied = visit.query["error"] == "access_denied"
            throw ConnectError.wrongCredential(
                reason: isDenied
                    ? "You did not allow it, so nothing was connected."
                    : "\(offer.label) ended the sign-in without an answer that is known here. Try again.")
        }
        let grant = try await services.vendors.finish(offer.name, code: code, verifier: pending.verifier)
        let request = ConnectRequest.signedIn(vendor: offer.name, grant: grant)
        switch pending.goal {
        case .account(let account):
            _ = try await services.connecting.connect(request, for: account)
            return .seeOther(PagePath.person(account) + "?done=" + Notice.connected.rawValue)
        case .authorization(let query):
            var visit = visit
            visit.query = FormValues(urlEncoded: query)
            return try await AuthorizeHandlers(services: services, pages: pages, cookie: cookie, kind: .person)
                .signedIn(request, visit)
        }
    }

    private func failure(_ offer: VendorOffer, retry: PendingSignIn?, _ reason: String, _ visit: Visit) -> Answer {
        let again: String? =
            switch retry?.goal {
            case .account(let account): PagePath.person(account) + "/connect/" + offer.name
            case .authorization(let query): "/oauth/authorize?" + query
            case nil: nil
            }
        return pages.answer(
            VendorFailurePage(offer, reason: reason, again: again), frame: PageFrame(isPlain: true), for: visit,
            status: .badRequest)
    }
}

extension ConnectError {
    /// A sentence for people who typed nothing that could be wrong.
    fileprivate var words: String {
        switch self {
        case .refusedAddress(let reason), .unreachable(let reason), .wrongCredential(let reason),
            .notACalendar(let reason):
            reason
        case .needsConfirmation, .duplicate, .unknownProfile, .failed:
            "Something went wrong here; the cause is in the server’s log. Try again later."
        }
    }
}
