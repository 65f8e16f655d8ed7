import CivilTime
import HTTPTypes
import PageKit
import Sealing
import Season
import Trips

/// Signing in by a link or a password, out, and in for the first time.
struct GuideSignInHandlers: Sendable {
    let services: GuidesServices
    let cookies: GuideCookies

    private var store: SeasonStore { services.store }

    func form(_ visit: GuideVisit) -> Answer { page(visit) }

    private func page(_ visit: GuideVisit, notice: HTML? = nil, status: HTTPResponse.Status = .ok) -> Answer {
        GuidePage(
            "Sign in", notice: notice,
            body: """
                <section class="narrow"><h1>Sign in</h1>
                <form method="post" action="/guides/sign-in">\(Fields.token(visit))
                \(Fields.input("email", "E-mail", type: "email", value: visit.form["email"] ?? "", autocomplete: "username"))
                \(Fields.input(
                    "password", "Password", type: "password", hint: "Leave it empty to get a link by e-mail.",
                    isRequired: false, autocomplete: "current-password"))
                <button class="primary">Sign in</button></form>
                \(services.isSample
                    ? "<p><a href=\"/guides/sign-in-as\">Sign in as somebody of the sample</a></p>" as HTML : HTML.nothing)
                </section>
                """
        ).answer(for: visit, status: status)
    }

    /// A session for whoever knows the password; else a letter, and the same words whether anybody has that address.
    func ask(_ visit: GuideVisit) async throws -> Answer {
        guard let email = visit.form["email"], email.utf8.count <= 254, email.contains("@") else {
            return page(visit, notice: "Please type your e-mail address.", status: .unprocessableContent)
        }
        guard services.attempts.allow("sign-in " + email.lowercased(), now: services.now) else {
            throw GuideFailure.tooMany
        }
        if let password = visit.form.exact("password"), !password.isEmpty {
            guard password.utf8.count <= 500,
                let person = try await store.person(email: email, password: Secret(password))
            else {
                return page(
                    visit,
                    notice: "That e-mail address and password do not fit. Leave the password empty to get a link.",
                    status: .unauthorized)
            }
            return signedIn(try await store.beginSession(of: person))
        }
        if let person = try await store.person(of: email) {
            let link = try await store.issueSignInLink(for: person)
            try await store.send(
                to: email.lowercased(), subject: "Sign in to Anchorpoint Guides",
                body: """
                    This link signs you in. It works once, for 15 minutes:

                    \(services.publicURL)/guides/sign-in/\(link.reveal())

                    If you did not ask for it, do nothing.
                    """)
        }
        return GuidePage(
            "Look at your mail",
            body: """
                <section class="narrow"><h1>Look at your mail</h1>
                <p class="lead">If \(email) is in a guide service, a letter with a link is on its way. It works once, for \
                15 minutes.</p>\(services.showsLetters
                    ? "<p><a href=\"/guides/letters\">Letters on this machine</a></p>" as HTML : HTML.nothing)</section>
                """
        ).answer(for: visit)
    }

    /// Shows a button; spends nothing, for scanners and previews open links too.
    func open(_ visit: GuideVisit) async throws -> Answer {
        let link = Secret(try visit.parameter("token"))
        guard try await store.isOpen(link) else { return spent(visit) }
        return GuidePage(
            "Sign in",
            body: """
                <section class="narrow"><h1>Sign in</h1><p class="lead">This link signs this browser in. It works once.</p>
                <form method="post" action="/guides/sign-in/\(PercentCoding.encodeSegment(link.reveal()))">\
                \(Fields.token(visit))<button class="primary">Sign in</button></form></section>
                """
        ).answer(for: visit)
    }

    func redeem(_ visit: GuideVisit) async throws -> Answer {
        guard let session = try await store.redeem(Secret(try visit.parameter("token"))) else { return spent(visit) }
        if let old = visit.token { try await store.endSession(old) }
        return signedIn(session)
    }

    func end(_ visit: GuideVisit) async throws -> Answer {
        if let token = visit.token { try await store.endSession(token) }
        var answer = Answer.seeOther("/guides")
        answer.cookies = cookies.ended
        // What the agenda kept for reading without network goes too.
        answer.extra[.clearSiteData] = "\"cache\", \"storage\""
        return answer
    }

    private func signedIn(_ session: Secret) -> Answer {
        var answer = Answer.seeOther("/guides")
        answer.cookies = [cookies.session(session)]
        return answer
    }

    private func spent(_ visit: GuideVisit) -> Answer {
        GuidePage(
            "This link no longer works",
            body: """
                <section class="narrow"><h1>This link no longer works</h1><p class="lead">It has been used, has expired, or \
                was not copied whole.</p><p><a class="button" href="/guides/sign-in">Get a new link</a></p></section>
                """
        ).answer(for: visit, status: .gone)
    }

    // MARK: The sample

    func people(_ visit: GuideVisit) async throws -> Answer {
        let service = try await store.service(slug: GuidesServices.sampleSlug)
        var members: [Member] = []
        if let service { members = try await store.members(of: service.id) }
        return GuidePage(
            "Sign in as",
            body: """
                <h1>Sign in as</h1><p class="lead">Only with sample data, on this machine.</p>
                <ul class="list">\(members.html { member in
                    """
                    <li><div class="main"><h2>\(member.name)</h2>\
                    <p class="sub">\(member.roles.map(\.words).sorted().joined(separator: ", ")) · \(member.email)</p></div>
                    \(Fields.button(
                        visit, "/guides/sign-in-as", "Sign in as \(member.name)", [("person", member.person.value)]))</li>
                    """
                })</ul>
                """
        ).answer(for: visit)
    }

    func become(_ visit: GuideVisit) async throws -> Answer {
        guard let service = try await store.service(slug: GuidesServices.sampleSlug),
            let member = try await store.members(of: service.id).first(where: {
                $0.person.value == visit.form["person"]
            })
        else { throw GuideFailure.notFound }
        if let old = visit.token { try await store.endSession(old) }
        return signedIn(try await store.beginSession(of: member.person))
    }

    // MARK: Invitations

    func invitation(_ visit: GuideVisit) async throws -> Answer {
        let token = Secret(try visit.parameter("token"))
        guard let invitation = try await store.invitation(token),
            let service = try await store.service(invitation.service)
        else { return spent(visit) }
        return GuidePage(
            "Join \(service.name)",
            body: """
                <section class="narrow"><h1>Join \(service.name)</h1>
                <p class="lead">You are invited as \(invitation.role.words), as \(invitation.email).</p>
                <form method="post" action="/guides/invitations/\(PercentCoding.encodeSegment(token.reveal()))">\
                \(Fields.token(visit))\(Fields.input("name", "Your name", autocomplete: "name"))
                <button class="primary">Join</button></form></section>
                """
        ).answer(for: visit)
    }

    func accept(_ visit: GuideVisit) async throws -> Answer {
        let token = Secret(try visit.parameter("token"))
        guard let invitation = try await store.invitation(token),
            let service = try await store.service(invitation.service)
        else { return spent(visit) }
        guard let name = visit.form["name"], name.utf8.count <= 200 else {
            throw GuideFailure.refused(title: "That cannot be", reason: "Please type your name, of at most 200 bytes.")
        }
        let person = try await store.accept(token, name: name, zone: service.zone)
        return signedIn(try await store.beginSession(of: person))
    }
}

extension HTTPField.Name {
    // A literal that is a valid name.
    fileprivate static var clearSiteData: HTTPField.Name { HTTPField.Name("Clear-Site-Data") ?? .cacheControl }
}
