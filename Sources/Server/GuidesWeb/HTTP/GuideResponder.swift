import CivilTime
import HTTPTypes
import Hummingbird
import Integrations
import Logging
import PageKit
import Planning
import Sealing
import Season
import Staffing
import StorageKit
import Trips

/// Takes a request through the checks that every page shares, in this order: size, visitor, service, permission, where a
/// form came from. Failures become pages.
struct GuideResponder: Sendable {
    let services: GuidesServices
    let cookies: GuideCookies
    /// Signs form tokens; derived, so that it is not the sealing key itself.
    private let formKey: [UInt8]

    init(services: GuidesServices) {
        self.services = services
        cookies = GuideCookies(publicURL: services.publicURL)
        formKey = services.store.key.derived(for: "guides.form")
    }

    func respond(to request: Request, context: some RequestContext, route: GuideRoute) async -> Response {
        var visit = GuideVisit(method: request.method, path: request.uri.path, headers: request.headers)
        var answer: Answer
        do {
            visit.query = FormValues(urlEncoded: request.uri.query ?? "")
            for (name, value) in context.parameters {
                visit.parameters[String(name)] = PercentCoding.decode(value.utf8, plusIsSpace: false)
            }
            try await identify(&visit)
            try await permit(&visit, route.access)
            if route.method == .post {
                try await readForm(of: request, into: &visit)
                try check(visit, route.access, authority: request.head.authority)
            }
            answer = try await route.answer(visit)
        } catch {
            let failure = Self.failure(error)
            if failure == .failed {
                // The route's pattern, never its path: a path may hold a token.
                context.logger.error(
                    "page failed", metadata: ["route": "\(route.path)", "error": "\(String(reflecting: error))"])
            }
            answer = FailurePage(failure).answer(for: visit)
        }
        if let browser = visit.newBrowser { answer.cookies.append(cookies.browser(browser)) }
        return Response(answer)
    }

    /// The service of a path that is no page, where the visitor may see it.
    func service(of request: Request, context: some RequestContext, for access: GuideRoute.Access) async -> ServiceID? {
        var visit = GuideVisit(method: request.method, path: request.uri.path, headers: request.headers)
        visit.parameters["service"] = context.parameters.get("service").map {
            PercentCoding.decode($0.utf8, plusIsSpace: false)
        }
        do {
            try await identify(&visit)
            try await permit(&visit, access)
        } catch { return nil }
        return visit.service?.id
    }

    private static func failure(_ error: any Error) -> GuideFailure {
        switch error {
        case let failure as GuideFailure: failure
        case SeasonError.notFound: .notFound
        case PlanningError.obstacles(_, let obstacles):
            .refused(title: "That cannot be", reason: obstacles.map { $0.sentence(in: .utc) }.joined(separator: "; "))
        case PlanningError.noCrew: .refused(title: "No crew", reason: "Nobody is free for it then.")
        case let error as LinkRefusal: .refused(title: "Not done", reason: error.sentence)
        case let error as RegionRule.Mismatch: .refused(title: "Not in that region", reason: error.description)
        case let error as SeasonError: .refused(title: error.title, reason: error.sentence)
        case StorageError.unavailable, StorageError.busy: .unavailable
        case StorageError.full: .storageFull
        default: .failed
        }
    }

    private func identify(_ visit: inout GuideVisit) async throws {
        if let token = GuideCookies.value(of: cookies.session, in: visit.headers),
            let person = try await services.store.sessionPerson(token)
        {
            (visit.person, visit.token, visit.formToken) = (person, token, formToken(for: token))
            return
        }
        var browser = GuideCookies.value(of: cookies.browser, in: visit.headers)
        if browser == nil {
            browser = Secret(Crypto.token(32))
            visit.newBrowser = browser
        }
        visit.formToken = browser.map(formToken(for:)) ?? ""
    }

    private func permit(_ visit: inout GuideVisit, _ access: GuideRoute.Access) async throws {
        switch access {
        case .everyone, .guest: return
        case .sample:
            guard services.isSample else { throw GuideFailure.notFound }
            return
        case .signedIn:
            _ = try visit.thePerson()
            return
        case .member, .office, .owner: break
        }
        let person = try visit.thePerson()
        guard let service = try await services.store.service(slug: try visit.parameter("service")),
            let member = try await services.store.memberships(of: person).first(where: { $0.service == service.id }),
            member.isActive, access.allows(member.roles)
        else { throw GuideFailure.notFound }
        (visit.service, visit.member) = (service, member)
    }

    private func readForm(of request: Request, into visit: inout GuideVisit) async throws {
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= GuideRoute.formLimit else { throw GuideFailure.tooLarge }
            bytes += part.readableBytesView
        }
        guard (request.headers[.contentType] ?? "").lowercased().hasPrefix("application/x-www-form-urlencoded") else {
            throw GuideFailure.refused(
                title: "That form could not be read", reason: "Open the page again and send the form from there.")
        }
        visit.form = FormValues(urlEncoded: String(decoding: bytes, as: UTF8.self))
    }

    /// That the form is our own, for this visitor.
    private func check(_ visit: GuideVisit, _ access: GuideRoute.Access, authority: String?) throws {
        guard RequestOrigin.fits(visit.headers, publicURL: services.publicURL, authority: authority) else {
            throw GuideFailure.foreignForm
        }
        if access == .guest { return }
        guard visit.newBrowser == nil, let sent = visit.form.exact("form_token"),
            Crypto.equal(Array(sent.utf8), Array(visit.formToken.utf8))
        else { throw GuideFailure.foreignForm }
    }

    /// What a form of the bearer of `token` carries: nobody who cannot read the cookie can work it out.
    private func formToken(for token: Secret) -> String {
        Crypto.hex(Crypto.hmac(Array(token.reveal().utf8), key: formKey))
    }
}

extension GuideRoute.Access {
    func allows(_ roles: Set<Role>) -> Bool {
        switch self {
        case .everyone, .guest, .signedIn, .sample: true
        case .member: !roles.isEmpty
        case .office: roles.contains(where: \.isOffice)
        case .owner: roles.contains(.owner)
        }
    }
}

extension SeasonError {
    var title: String {
        switch self {
        case .notFound: "Not found"
        case .taken: "The guide’s time is taken"
        case .noSeats: "Not enough seats"
        case .tooLate: "Too late"
        case .invalid, .timing: "That cannot be"
        }
    }

    var sentence: String {
        switch self {
        case .notFound: "There is no such thing, or it is not yours to see."
        case .taken: "The guide’s time went to something else. Nothing was changed."
        case .noSeats: "The trip has fewer seats left than that. Nothing was changed."
        case .tooLate(let reason): "Nothing was changed: \(reason)."
        case .invalid(let field, let reason): "“\(field)” \(reason)."
        case .timing(let error): error.sentence
        }
    }
}

extension TripTimingError {
    var sentence: String {
        switch self {
        case .noSuchTime: "There is no such time on that day."
        case .lengthOutOfRange: "A trip of one day lasts 1 minute to 24 hours."
        case .endsOnAnotherDay: "A trip of one day ends on the day it starts. Choose a trip of several days."
        case .daysOutOfRange: "Trips last 1 to \(TripTiming.mostDays) days."
        case .endsBeforeStart: "The trip would end before it starts."
        }
    }
}
