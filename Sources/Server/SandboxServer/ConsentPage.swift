internal import CivilTime
internal import CronofyWire
internal import HTTPTypes
internal import PageKit
internal import SandboxKit

extension SandboxWorld {
    /// The page of a pretend vendor that asks a pretend person.
    func consentPage(_ request: SandboxRequest, _ vendor: any SandboxVendor) -> SandboxReply {
        let question: AuthorizeQuestion
        do { question = try vendor.identity.question(request.query) } catch {
            return .page(
                SandboxPage.answer(
                    "This request cannot be answered",
                    """
                    <p class="problem" role="alert">\(String(decoding: vendor.refusal(error).body, as: UTF8.self))</p>
                    <p>The program's client id, its secret and its redirect address are those of the people file; without \
                    one: <code>sandbox-client</code>, <code>sandbox-secret</code>, any address.</p>
                    """, base: base, status: .badRequest))
        }
        if request.method == "POST" { return decide(request, question, vendor) }
        let known = question.loginHint.flatMap { vendor.person($0) }
        // prompt=none shows nothing: either the person is known, or it is an error (OpenID Connect Core §3.1.2.1).
        if question.prompt.contains("none") {
            return .page(
                .leaving(
                    to: known.map { vendor.identity.allow(question, as: $0.address, scopes: question.scopes) }
                        ?? vendor.identity.deny(question, error: "interaction_required")))
        }
        var answer = SandboxPage.answer(
            "Sign in with pretend \(vendor.label)", form(request, question, vendor, known), base: base)
        answer.formTarget = RequestOrigin.origin(of: question.redirectURI)
        return .page(answer)
    }

    private func form(
        _ request: SandboxRequest, _ question: AuthorizeQuestion, _ vendor: any SandboxVendor,
        _ known: (any SandboxPerson)?
    ) -> HTML {
        let people = vendor.people.map { person -> HTML in
            let isChosen = person.address == (known ?? vendor.people.first)?.address
            let mark: HTML = isChosen ? " checked" : ""
            return """
                <li><label><input type="radio" name="as" value="\(person.address)"\(mark)> \
                \(person.displayName) · \(person.address)</label></li>
                """
        }
        let scopes = question.scopes.filter { !vendor.identity.rules.signInScopes.contains($0) }.map { scope -> HTML in
            """
            <li><label><input type="checkbox" name="scope" value="\(scope)" checked> <code>\(scope)</code></label></li>
            """
        }
        return """
            <p class="remedy">This is a stand-in for \(vendor.label). Nobody here is real, and no password is asked.</p>
            <form method="post" action="\(base)/\(vendor.name)\(request.target)">
            <h2>Who are you?</h2><ul class="plain">\(people)</ul>
            <h2>What may the program do?</h2><ul class="plain">\(scopes)</ul>
            <p class="actions"><button class="primary" name="answer" value="allow">Allow</button> \
            <button name="answer" value="deny">Deny</button></p>
            </form>
            """
    }

    private func decide(_ request: SandboxRequest, _ question: AuthorizeQuestion, _ vendor: any SandboxVendor)
        -> SandboxReply
    {
        let form = request.form
        guard form["answer"] != "deny", let person = form["as"].flatMap({ vendor.person($0) }) else {
            return .page(.leaving(to: vendor.identity.deny(question)))
        }
        let scopes = form.list("scope") ?? []
        return .page(.leaving(to: vendor.identity.allow(question, as: person.address, scopes: scopes)))
    }
}
