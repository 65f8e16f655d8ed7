import Accounts
import Authorization
import CronofyWire

/// `POST /v1/application_verification`: asks the operator to register redirect addresses. 202 with `{}`.
enum AskVerification {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let uris = fields.texts("redirect_uris") ?? []
        if uris.isEmpty && fields.errors.isEmpty { fields.required("redirect_uris") }
        if uris.count > 50 { fields.fail("redirect_uris", key: "errors.too_many", "must be at most 50") }
        for (index, uri) in uris.prefix(50).enumerated() {
            if let problem = RedirectURI.problem(with: uri) {
                fields.fail("redirect_uris[\(index)]", key: "errors.must_be_url", problem)
            }
        }
        var contact = Fields(fields.value("contact") ?? .object([:]), prefix: "contact.")
        let (email, name) = (contact.text("email", most: 320), contact.text("display_name", most: 255))
        if email == nil && contact.errors.isEmpty { contact.required("email") }
        fields.merge(contact)
        guard let email, fields.errors.isEmpty else { throw fields.errors }
        try await call.services.authorization.ask(
            Verification(redirectURIs: uris, contactEmail: email, contactName: name), by: call.caller.client)
        return .acceptedJSON(Array("{}".utf8))
    }
}

/// `POST /v1/applications`: makes an application, by an admin key.
enum ProvisionApplication {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let (name, url) = (fields.text("name", most: 200), fields.text("url", most: 2000))
        if name == nil && fields.errors.isEmpty { fields.required("name") }
        if let url, let problem = RedirectURI.problem(with: url) {
            fields.fail("url", key: "errors.must_be_url", problem)
        }
        guard let name, fields.errors.isEmpty else { throw fields.errors }
        let (application, secret) = try await call.services.accounts.createApplication(
            name: name, redirectURIs: url.map { [$0] } ?? [])
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("oauth_client")
            writer.object {
                $0.member("client_id", application.id.value)
                $0.member("client_secret", secret.reveal())
            }
        }
        return .json(writer.bytes)
    }
}
