import Accounts
import Authorization
import CivilTime
import CronofyWire
import StorageKit

/// What the command line does with applications.
struct ApplicationOperations: Sendable {
    let platform: AnchorpointPlatform
    typealias Printed = (json: String, text: String)

    func create(_ name: String, _ uris: [String], isPublic: Bool) async throws -> Printed {
        guard !name.isEmpty, name.utf8.count <= 200 else {
            throw OperationFailure(.badInput, "--name must have 1 to 200 bytes")
        }
        try check(uris, "--redirect-uri")
        let (application, secret) = try await platform.accounts.createApplication(
            name: name, redirectURIs: uris, isPublic: isPublic)
        var writer = JSONWriter()
        writer.object {
            $0.member("client_id", application.id.value)
            // A public one has none that it could keep.
            $0.member("client_secret", ifPresent: isPublic ? nil : secret.reveal())
        }
        return (
            writer.text,
            "client_id      \(application.id.value)" + (isPublic ? "" : "\nclient_secret  \(secret.reveal())")
        )
    }

    func list() async throws -> Printed {
        let applications = try await platform.accounts.applications()
        var live: [Int] = []
        for application in applications {
            live.append(
                try await platform.database.read {
                    try platform.accounts.liveSecrets(of: application.id, in: $0).count
                })
        }
        let rows = Array(zip(applications, live))
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("applications")
            writer.array(rows) { writer, row in writer.object { Self.write(row.0, secrets: row.1, to: &$0) } }
        }
        let lines = rows.map { application, secrets in
            "\(application.id.value)  \(application.name)  "
                + (application.isPublic ? "public" : "\(secrets) live secret\(secrets == 1 ? "" : "s")")
                + application.redirectURIs.map { "\n    \($0)" }.joined()
        }
        return (writer.text, lines.isEmpty ? "no applications yet" : lines.joined(separator: "\n"))
    }

    func rotateSecret(_ client: String, _ overlap: Int64) async throws -> Printed {
        guard (0...90 * 86_400).contains(overlap) else {
            throw OperationFailure(.badInput, "--overlap must be from 0 to 2160 hours (90 days)")
        }
        let application = try await known(client)
        guard !application.isPublic else {
            throw OperationFailure(.badInput, "'\(client)' is a public application, which has no secret")
        }
        guard let secret = try await platform.accounts.rotateSecret(of: application.id, overlap: overlap) else {
            throw unknown(client)
        }
        let end = platform.accounts.now().seconds + overlap
        var writer = JSONWriter()
        writer.object {
            $0.member("client_id", client)
            $0.member("client_secret", secret.reveal())
            $0.member("previous_good_until", Instant(seconds: end).description)
        }
        return (
            writer.text,
            "client_secret  \(secret.reveal())\nthose before it are good until \(Instant(seconds: end))"
        )
    }

    func redirectURIs(_ client: String, _ added: [String], _ removed: [String]) async throws -> Printed {
        try check(added, "--add")
        var uris = try await known(client).redirectURIs
        for uri in removed {
            guard let index = uris.firstIndex(of: uri) else {
                throw OperationFailure(.notFound, "--remove '\(uri)' is not registered")
            }
            uris.remove(at: index)
        }
        for uri in added where !uris.contains(uri) { uris.append(uri) }
        if !added.isEmpty || !removed.isEmpty {
            guard try await platform.accounts.setRedirectURIs(uris, of: ClientID(client)) else { throw unknown(client) }
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("redirect_uris")
            writer.array(uris) { $0.value($1) }
        }
        return (writer.text, uris.isEmpty ? "none: nobody can be sent back" : uris.joined(separator: "\n"))
    }

    private static func write(_ application: Application, secrets: Int, to writer: inout JSONWriter) {
        writer.member("client_id", application.id.value)
        writer.member("name", application.name)
        writer.member("public", application.isPublic)
        writer.member("live_secrets", secrets)
        writer.name("redirect_uris")
        writer.array(application.redirectURIs) { $0.value($1) }
    }

    private func check(_ uris: [String], _ option: String) throws {
        for uri in uris {
            if let problem = RedirectURI.problem(with: uri) {
                throw OperationFailure(.badInput, "\(option) '\(uri)' \(problem)")
            }
        }
    }

    private func known(_ client: String) async throws -> Application {
        guard let application = try await platform.accounts.application(ClientID(client)) else {
            throw unknown(client)
        }
        return application
    }

    private func unknown(_ client: String) -> OperationFailure {
        OperationFailure(.notFound, "--client-id '\(client)' is not an application of this server")
    }
}
