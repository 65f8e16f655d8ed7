import Accounts
import Authorization
import CivilTime
import HTTPTypes

/// The applications of this server and their credentials.
struct ApplicationHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer

    func list(_ visit: Visit) async throws -> Answer {
        pages.answer(ApplicationsPage(try await services.accounts.applications()), for: visit)
    }

    func create(_ visit: Visit) async throws -> Answer {
        var problems = FormProblems()
        let (name, redirect) = (visit.form["name"], visit.form["redirect"])
        if name == nil { problems.fields["name"] = "Name: please fill this in." }
        if let name, name.utf8.count > 200 { problems.fields["name"] = "Name: at most 200 characters." }
        if let redirect, let problem = RedirectURI.problem(with: redirect) {
            problems.fields["redirect"] = "The address " + problem + "."
        }
        guard let name, problems.isEmpty else {
            let page = ApplicationsPage(
                try await services.accounts.applications(), form: visit.form, problems: problems)
            return pages.answer(page, for: visit, status: .unprocessableContent)
        }
        let (made, secret) = try await services.accounts.createApplication(
            name: name, redirectURIs: redirect.map { [$0] } ?? [])
        return newSecret(secret, of: made, until: nil, visit)
    }

    func show(_ visit: Visit) async throws -> Answer {
        try await overview(try await application(visit), visit)
    }

    func rotate(_ visit: Visit) async throws -> Answer {
        let application = try await application(visit)
        guard let hours = visit.form["overlap"].flatMap({ Int64($0) }), (0...2160).contains(hours),
            !application.isPublic
        else { throw PageFailure.malformed }
        let overlap = hours * 3600
        guard let secret = try await services.accounts.rotateSecret(of: application.id, overlap: overlap) else {
            throw PageFailure.notFound
        }
        return newSecret(secret, of: application, until: Instant(seconds: services.now.seconds + overlap), visit)
    }

    /// Adds one redirect address, or removes one.
    func changeRedirects(_ visit: Visit) async throws -> Answer {
        let application = try await application(visit)
        var addresses = application.redirectURIs
        if let removed = visit.form.exact("remove") {
            addresses.removeAll { $0 == removed }
        } else {
            let added = visit.form["add"] ?? ""
            if let problem = RedirectURI.problem(with: added) {
                return try await overview(application, visit, problem: "The address " + problem + ".", typed: added)
            }
            if !addresses.contains(added) { addresses.append(added) }
        }
        guard try await services.accounts.setRedirectURIs(addresses, of: application.id) else {
            throw PageFailure.notFound
        }
        return .seeOther(PagePath.application(application.id) + "?done=" + Notice.saved.rawValue)
    }

    /// What the application asked to have registered is, or is not.
    func settle(_ visit: Visit) async throws -> Answer {
        let application = try await application(visit)
        let asked = try await services.authorization.verifications().first { $0.client == application.id }
        if visit.form["answer"] == "yes", let asked {
            let known = application.redirectURIs
            let all = known + asked.verification.redirectURIs.filter { !known.contains($0) }
            _ = try await services.accounts.setRedirectURIs(all, of: application.id)
        }
        try await services.authorization.settleVerification(of: application.id)
        return .seeOther(PagePath.application(application.id) + "?done=" + Notice.saved.rawValue)
    }

    private func overview(
        _ application: Application, _ visit: Visit, problem: String? = nil, typed: String? = nil
    ) async throws -> Answer {
        let page = ApplicationPage(
            application, retiring: try await services.accounts.retiringSecrets(of: application.id),
            verification: try await services.authorization.verifications()
                .first { $0.client == application.id }?.verification,
            accounts: try await services.accounts.connected(
                to: application.id, limit: ApplicationPage.mostAccounts), now: services.now, problem: problem,
            typed: typed)
        return pages.answer(
            page, frame: visit.frame(application, .overview), for: visit,
            status: problem == nil ? .ok : .unprocessableContent)
    }

    private func newSecret(_ secret: Secret, of application: Application, until: Instant?, _ visit: Visit) -> Answer {
        pages.answer(
            NewSecretPage(
                name: application.name, client: application.id.value, secret: secret.reveal(),
                back: PagePath.application(application.id), until: until?.description),
            frame: visit.frame(application, .overview), for: visit)
    }

    private func application(_ visit: Visit) async throws -> Application {
        try await services.application(of: visit)
    }
}

extension WebServices {
    /// The application that the path names.
    func application(of visit: Visit) async throws -> Application {
        guard let application = try await accounts.application(ClientID(try visit.parameter("client"))) else {
            throw PageFailure.notFound
        }
        return application
    }
}

extension Visit {
    func frame(_ application: Application, _ section: PageHead.ApplicationSection) -> PageFrame {
        var frame = PageFrame(head: PageHead(application, section: section))
        frame.notice = query["done"].flatMap { Notice(rawValue: $0) }?.text
        return frame
    }
}
