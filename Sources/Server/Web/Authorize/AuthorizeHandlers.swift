import Accounts
import Authorization
import CivilTime
import HTTPTypes

/// `/oauth/authorize` and its steps: whom one connects for, which calendar one uses, and back with a code.
struct AuthorizeHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer
    let cookie: SessionCookie
    let kind: AuthorizationRequest.Kind

    func start(_ visit: Visit) async throws -> Answer {
        try await answering(visit) { step in
            if kind == .domain { return show(DomainPage(step, head: head(step)), step) }
            let calendars = try await calendars(of: step)
            return show(
                AuthorizePage(step, head: head(step), calendars: calendars, vendors: services.vendors.offers), step)
        }
    }

    /// Consent for the calendars that are connected already.
    func allow(_ visit: Visit) async throws -> Answer {
        try await answering(visit) { step in
            guard let account = step.target, !step.isByLinkToken, kind == .person else { throw PageFailure.notFound }
            let profile = try await services.profiles.profiles(of: account.id).first
            return try await leave(step, account.id, profile?.id)
        }
    }

    /// From an e-mail address to the form of its provider.
    func find(_ visit: Visit) async throws -> Answer {
        try await answering(visit) { step in
            let field = AuthorizePage.emailField
            guard let email = visit.form["email"], email.contains("@"), field.problem(in: visit.form) == nil else {
                let page = AuthorizePage(
                    step, head: head(step), calendars: try await calendars(of: step),
                    vendors: services.vendors.offers,
                    email: field.filled(visit.form, error: "Write it as you@example.com."))
                return show(page, step, status: .unprocessableContent)
            }
            let guess = await ProviderGuess.make(from: email, asking: services.mailDomains)
            var form = FormValues()
            for (name, value) in guess.prefill { form.append(name, value) }
            form.append("email", email)
            // A stand-in knows no real address.
            if let offer = services.vendors.offers.first(where: { $0.name == guess.vendor && !$0.isPretend }) {
                let way = step.address("/connect/\(offer.name)") + "&login_hint=" + PercentCoding.encodeSegment(email)
                return show(AuthorizeVendorPage(offer, step, head: head(step), way: way), step)
            }
            return show(AuthorizeFormPage(guess.kind, step, head: head(step), form: form, note: guess.note), step)
        }
    }

    func form(_ visit: Visit) async throws -> Answer {
        try await answering(visit) { step in
            if let offer = services.vendors.offers.first(where: { $0.name == visit.parameters["kind"] }) {
                return try VendorHandlers(services: services, pages: pages, cookie: cookie).leave(
                    offer.name, for: .authorization(query: step.query), hint: visit.query["login_hint"])
            }
            return show(AuthorizeFormPage(try choice(visit), step, head: head(step)), step)
        }
    }

    /// Back from a vendor: connects and consents.
    func signedIn(_ request: ConnectRequest, _ visit: Visit) async throws -> Answer {
        try await answering(visit) { step in try await connected(request, step) }
    }

    /// Connects a calendar and consents, by one button.
    func connect(_ visit: Visit) async throws -> Answer {
        try await answering(visit) { step in
            let kind = try choice(visit)
            var problems = ConnectForm.problems(
                of: AuthorizeFormPage.fields(of: kind, isNew: step.target == nil), visit, zones: services.zones)
            if problems.isEmpty, let request = ConnectForm.request(kind, visit.form) {
                do {
                    return try await services.tries.counting(visit.tryKeys(request.username)) {
                        try await connected(request, step)
                    }
                } catch let error as ConnectError {
                    problems = ConnectForm.problems(after: error, of: kind)
                }
            }
            let page = AuthorizeFormPage(kind, step, head: head(step), form: visit.form, problems: problems)
            return show(page, step, status: .unprocessableContent)
        }
    }

    /// Opens a domain and consents, by one button.
    func connectDomain(_ visit: Visit) async throws -> Answer {
        try await answering(visit) { step in
            var problems = ConnectForm.problems(of: DomainPage.fields, visit, zones: services.zones)
            if problems.isEmpty {
                let form = visit.form
                let request = DomainRequest(
                    domain: form["domain"] ?? "", address: form["address"] ?? "", username: form["username"] ?? "",
                    password: Secret(form.exact("password") ?? ""), pattern: form["pattern"],
                    zone: ZoneID(form["zone"] ?? ""), client: step.request.application.id)
                do {
                    let account = try await services.tries.counting(visit.tryKeys(request.username)) {
                        try await services.connecting.connectDomain(request)
                    }
                    return try await leave(step, account, nil)
                } catch let error as ConnectError {
                    problems = ConnectForm.problems(after: error, of: .caldav)
                }
            }
            let page = DomainPage(step, head: head(step), form: visit.form, problems: problems)
            return show(page, step, status: .unprocessableContent)
        }
    }

    private func connected(_ request: ConnectRequest, _ step: AuthorizeVisit) async throws -> Answer {
        if step.isByLinkToken, let token = step.request.linkToken {
            guard try await services.authorization.spendLinkToken(token) else { throw Self.spentLink(step) }
        }
        if let account = step.target {
            return try await leave(step, account.id, try await services.connecting.connect(request, for: account.id))
        }
        let person = NewPerson(email: step.visit.form["email"], zone: step.visit.form["zone"].map { ZoneID($0) })
        let (account, profile) = try await services.connecting.connect(request, forNew: person)
        var answer = try await leave(step, account, profile)
        // Remembered, so that the next calendar joins this account; a separate one replaces no memory.
        if step.visit.person == nil {
            answer.cookies = [cookie.person(try await services.signIns.begin(for: account))]
        }
        return answer
    }

    // MARK: Steps

    /// Checks the request as every step does, and says on a page or to the application what is wrong with it.
    private func answering(
        _ visit: Visit, _ body: (AuthorizeVisit) async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await body(try await step(visit))
        } catch AuthorizationRequest.Refusal.shown(let fault) {
            return pages.answer(AuthorizeFailurePage(fault), for: visit, status: .badRequest)
        } catch AuthorizationRequest.Refusal.returned(let fault, let address) {
            return .leaving(to: address.address(with: fault, issuer: services.publicURL))
        }
    }

    private func step(_ visit: Visit) async throws -> AuthorizeVisit {
        let parameters = Parameters(visit.query.pairs)
        let client = try AuthorizationRequest.client(in: parameters)
        let request = try AuthorizationRequest(
            kind, parameters, by: try await services.accounts.application(client))
        if let token = request.linkToken {
            guard let id = try await services.authorization.linkTarget(token, client: client),
                let account = try await services.accounts.account(id)
            else { throw AuthorizationRequest.Refusal.returned(Self.badLink, to: request.returning) }
            return AuthorizeVisit(visit: visit, request: request, target: account, isByLinkToken: true)
        }
        var target: Account?
        if kind == .person, !request.avoidsLinking, let person = visit.person {
            target = try await services.accounts.account(person)
        }
        return AuthorizeVisit(visit: visit, request: request, target: target, isByLinkToken: false)
    }

    private static let badLink = OAuthFault(
        .invalidRequest, "link_token is not known; it works once, for an hour, for the application that got it")

    private static func spentLink(_ step: AuthorizeVisit) -> AuthorizationRequest.Refusal {
        .returned(badLink, to: step.request.returning)
    }

    func leave(_ step: AuthorizeVisit, _ account: AccountID, _ profile: ProfileID?) async throws -> Answer {
        let code = try await services.authorization.issueCode(
            CodeGrant(step.request, account: account, profile: profile))
        return .leaving(to: step.request.returning.address(with: code, issuer: services.publicURL))
    }

    // MARK: Pages

    private func head(_ step: AuthorizeVisit) -> AuthorizeHead {
        AuthorizeHead(step, issuer: services.publicURL)
    }

    private func calendars(of step: AuthorizeVisit) async throws -> [String] {
        guard let account = step.target else { return [] }
        return try await services.profiles.calendars(of: account.id).filter { !$0.isDeleted }.map(\.name)
    }

    private func show(_ page: some PageView, _ step: AuthorizeVisit, status: HTTPResponse.Status = .ok) -> Answer {
        var answer = FormGuard(services: services, cookie: cookie).answer(
            page, for: step.visit, pages, status: status)
        answer.formTarget = step.request.returning.redirect.source
        answer.hasScript = true
        return answer
    }

    private func choice(_ visit: Visit) throws -> ConnectKind {
        guard let kind = ConnectKind(rawValue: try visit.parameter("kind")), AuthorizePage.offered.contains(kind) else {
            throw PageFailure.notFound
        }
        return kind
    }
}
