import Accounts
import Authorization
import CronofyWire

/// `anchorpoint admin-keys` and `anchorpoint verifications`: what only whoever runs the server decides.
struct OperatorCommands: Sendable {
    let platform: AnchorpointPlatform

    typealias Printed = (json: String, text: String)
    private var desk: AuthorizationDesk { platform.authorization }

    func createKey() async throws -> Printed {
        let key = try await desk.issueAdminKey()
        var writer = JSONWriter()
        writer.object { $0.member("admin_key", key.reveal()) }
        return (writer.text, "admin_key  \(key.reveal())\nIt may make applications, and is not shown again.")
    }

    func revokeKeys() async throws -> Printed {
        let count = try await desk.revokeAdminKeys()
        var writer = JSONWriter()
        writer.object { $0.member("revoked", count) }
        return (writer.text, count == 1 ? "1 admin key ended" : "\(count) admin keys ended")
    }

    func verifications() async throws -> Printed {
        let waiting = try await desk.verifications()
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("verifications")
            writer.array(waiting) { writer, entry in
                writer.object { writer in
                    writer.member("client_id", entry.client.value)
                    writer.member("contact_email", entry.verification.contactEmail)
                    writer.member("contact_name", ifPresent: entry.verification.contactName)
                    writer.name("redirect_uris")
                    writer.array(entry.verification.redirectURIs) { $0.value($1) }
                }
            }
        }
        let lines = waiting.map { entry in
            "\(entry.client.value)  \(entry.verification.contactEmail)"
                + entry.verification.redirectURIs.map { "\n    \($0)" }.joined()
        }
        return (writer.text, lines.isEmpty ? "nothing waits" : lines.joined(separator: "\n"))
    }

    /// Registers what was asked for, or not; either way it waits no longer.
    func settle(_ text: String, accept: Bool) async throws -> Printed {
        let client = ClientID(text)
        guard let asked = try await desk.verifications().first(where: { $0.client == client }),
            let application = try await platform.accounts.application(client)
        else { throw OperationFailure(.notFound, "nothing of --client-id '\(text)' waits") }
        var uris = application.redirectURIs
        if accept {
            uris += asked.verification.redirectURIs.filter { !uris.contains($0) }
            _ = try await platform.accounts.setRedirectURIs(uris, of: client)
        }
        try await desk.settleVerification(of: client)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("redirect_uris")
            writer.array(uris) { $0.value($1) }
        }
        return (writer.text, uris.isEmpty ? "none is registered" : uris.joined(separator: "\n"))
    }
}
