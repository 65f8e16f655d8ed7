import Accounts
import CivilTime
import HTTPTypes

/// Connecting calendars, and what can be done with a connection.
struct ConnectHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer
    let cookie: SessionCookie
    private var reader: PeopleReader { PeopleReader(services: services) }

    func kinds(_ visit: Visit) async throws -> Answer {
        let picture = try await visit.picture(reader)
        return pages.answer(
            ConnectPage(picture.account.id, vendors: services.vendors.offers), frame: visit.frame(picture, .calendars),
            for: visit)
    }

    func form(_ visit: Visit) async throws -> Answer {
        let picture = try await visit.picture(reader)
        if let offer = services.vendors.offers.first(where: { $0.name == visit.parameters["kind"] }) {
            return try vendors.leave(offer.name, for: .account(picture.account.id))
        }
        let kind = try kind(visit)
        return pages.answer(
            ConnectFormPage(kind, account: picture.account.id), frame: visit.frame(picture, .calendars), for: visit)
    }

    func connect(_ visit: Visit) async throws -> Answer {
        let (picture, kind) = (try await visit.picture(reader), try kind(visit))
        let account = picture.account.id
        var problems = ConnectForm.problems(of: kind, visit, zones: services.zones)
        if problems.isEmpty {
            do {
                return .seeOther(
                    PagePath.person(account) + "?done=" + (try await perform(kind, visit, account)).rawValue)
            } catch let error as ConnectError {
                problems = ConnectForm.problems(after: error, of: kind)
            }
        }
        return pages.answer(
            ConnectFormPage(kind, account: account, form: visit.form, problems: problems),
            frame: visit.frame(picture, .calendars), for: visit, status: .unprocessableContent)
    }

    func syncNow(_ visit: Visit) async throws -> Answer {
        let profile = try await profile(visit).profile
        try await services.connecting.syncNow(profile.id, of: profile.account)
        return done(.asked, profile)
    }

    func pause(_ visit: Visit) async throws -> Answer { try await setPaused(true, visit) }
    func resume(_ visit: Visit) async throws -> Answer { try await setPaused(false, visit) }

    func reconnectForm(_ visit: Visit) async throws -> Answer {
        let (profile, picture) = try await profile(visit)
        if services.vendors.offers.contains(where: { $0.name == profile.provider.value }) {
            return try vendors.leave(
                profile.provider.value, for: .account(profile.account),
                hint: profile.name.contains("@") ? profile.name : nil)
        }
        return pages.answer(ReconnectPage(profile), frame: visit.frame(picture, .calendars), for: visit)
    }

    func reconnect(_ visit: Visit) async throws -> Answer {
        let (profile, picture) = try await profile(visit)
        var problems = FormProblems()
        problems.fields["password"] = ReconnectPage.field.problem(in: visit.form)
        if problems.isEmpty {
            do {
                try await services.tries.counting(visit.tryKeys(profile.username)) {
                    try await services.connecting.reconnect(
                        profile.id, of: profile.account, password: Secret(visit.form.exact("password") ?? ""))
                }
                return done(.reconnected, profile)
            } catch let error as ConnectError { problems = ConnectForm.problems(after: error, of: .caldav) }
        }
        return pages.answer(
            ReconnectPage(profile, problems: problems), frame: visit.frame(picture, .calendars), for: visit,
            status: .unprocessableContent)
    }

    func confirmRemoval(_ visit: Visit) async throws -> Answer {
        let (profile, picture) = try await profile(visit)
        return pages.answer(RemovePage(profile, in: picture), frame: visit.frame(picture, .calendars), for: visit)
    }

    func remove(_ visit: Visit) async throws -> Answer {
        let profile = try await profile(visit).profile
        try await services.connecting.remove(profile.id, of: profile.account)
        return done(.removed, profile)
    }

    private var vendors: VendorHandlers { VendorHandlers(services: services, pages: pages, cookie: cookie) }

    private func setPaused(_ paused: Bool, _ visit: Visit) async throws -> Answer {
        let profile = try await profile(visit).profile
        try await services.connecting.pause(profile.id, of: profile.account, paused: paused)
        return done(paused ? .paused : .resumed, profile)
    }

    private func perform(_ kind: ConnectKind, _ visit: Visit, _ account: AccountID) async throws -> Notice {
        guard kind == .file else {
            guard let request = ConnectForm.request(kind, visit.form) else { throw PageFailure.malformed }
            _ = try await services.tries.counting(visit.tryKeys(request.username)) {
                try await services.connecting.connect(request, for: account)
            }
            return .connected
        }
        guard let upload = visit.upload else { throw PageFailure.malformed }
        let summary = try await services.connecting.importFile(upload.bytes, name: upload.name, for: account)
        return summary.putAside > 0 ? .importedInPart : .imported
    }

    private func kind(_ visit: Visit) throws(PageFailure) -> ConnectKind {
        guard let kind = ConnectKind(rawValue: try visit.parameter("kind")) else { throw .notFound }
        return kind
    }

    private func profile(_ visit: Visit) async throws -> (profile: Profile, picture: PersonPicture) {
        let (picture, id) = (try await visit.picture(reader), try visit.parameter("profile"))
        guard let profile = picture.profiles.first(where: { $0.id.value == id }) else { throw PageFailure.notFound }
        return (profile, picture)
    }

    private func done(_ notice: Notice, _ profile: Profile) -> Answer {
        .seeOther(PagePath.person(profile.account) + "?done=" + notice.rawValue)
    }
}
