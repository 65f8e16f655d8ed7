import Accounts
import CivilTime
import CronofyWire
import HTTPTypes
import StorageKit
import Support
import Testing
import Web

@testable import API
@testable import App

/// Takes every row of the endpoint table with the ids of somebody else. A path's parts are filled in by their names,
/// and one body holds every id under every name that endpoints read, so that a new endpoint is covered by itself; one
/// with a part of a new kind fails until `Victim.ids` knows what stands there.
@Suite("Tenant isolation, from the endpoint table")
struct IsolationTests {
    @Test(
        "with an id in its path, every endpoint answers strangers 403 or 404, and as for an id that nobody has",
        arguments: TestDatabase.kinds)
    func paths(_ kind: TestDatabase.Kind) async throws {
        let victim = try await Victim(kind)
        for row in EndpointTable.rows where row.path.contains("{") {
            let theirs = try #require(victim.path(row.path), "Victim.ids has nothing for a part of \(row.path)")
            let nobodys = row.path.split(separator: "/").map { $0.hasPrefix("{") ? "none" : $0 }.joined(separator: "/")
            for stranger in victim.strangers(for: row) {
                let name = "\(row.method) \(row.path) as \(stranger.name)"
                let before = try await victim.rows()
                let reply = try await victim.send(row, theirs, as: stranger, ids: victim.ids)
                #expect([403, 404].contains(reply.status), "\(name): \(reply.status) \(reply.text)")
                let absent = try await victim.send(row, "/" + nobodys, as: stranger, ids: victim.ids)
                #expect(absent.status == reply.status && absent.text == reply.text, "\(name)")
                #expect(try await victim.rows() == before, "\(name) changed what is not the caller's")
            }
        }
        await victim.close()
    }

    @Test("the owner's own request passes on those paths: the control", arguments: TestDatabase.kinds)
    func control(_ kind: TestDatabase.Kind) async throws {
        for row in EndpointTable.rows where row.path.contains("{") {
            let victim = try await Victim(kind)
            let theirs = try #require(victim.path(row.path))
            let reply = try await victim.send(row, theirs, as: victim.owner, ids: victim.ids)
            // An event that is there, in which its owner takes no part.
            if reply.error == "not_invited" {
                await victim.close()
                continue
            }
            #expect(
                ![401, 403, 404, 405].contains(reply.status), "\(row.method) \(row.path): \(reply.status) \(reply.text)"
            )
            await victim.close()
        }
    }

    @Test(
        "with ids in body and filters, nothing of the other account comes out or changes", arguments: TestDatabase.kinds
    )
    func bodies(_ kind: TestDatabase.Kind) async throws {
        let victim = try await Victim(kind)
        for row in EndpointTable.rows where !row.path.contains("{") {
            for stranger in victim.strangers(for: row) {
                let name = "\(row.method) \(row.path) as \(stranger.name)"
                let before = try await victim.rows()
                let reply = try await victim.send(row, row.path, as: stranger, ids: victim.ids)
                #expect(reply.status != 500, "\(name)")
                for secret in victim.secrets { #expect(!reply.text.contains(secret), "\(name): \(reply.text)") }
                #expect(try await victim.rows() == before, "\(name) changed what is not the caller's")
            }
        }
        // The control: the planted words do come out for their owner.
        let own = try await victim.server.send(
            .get, "/v1/events?tzid=Etc/UTC&only_managed=true", bearer: victim.owner.bearer)
        #expect(own.text.contains(Victim.word))
        await victim.close()
    }

    @Test("no endpoint answers without a credential, or with one of another kind")
    func credentials() async throws {
        let victim = try await Victim()
        let element = try await victim.server.send(
            .post, "/v1/element_tokens", bearer: victim.secret,
            body: #"{"permissions":["agenda"],"origin":"https://app.example.com"}"#)
        guard case .string(let elementToken)? = try element.json["element_token"]?["token"] else {
            throw OAuthWorld.Missing()
        }
        let refresh = victim.refreshToken
        for row in EndpointTable.rows where row.access != .client {
            let path = victim.path(row.path) ?? row.path
            for bearer in [nil, "nothing", "None", "undefined", elementToken, refresh] {
                let stranger = Victim.Stranger(name: "nobody", bearer: bearer ?? "", client: "", secret: "")
                let reply = try await victim.send(row, path, as: stranger, ids: victim.ids)
                #expect(reply.status == 401, "\(row.method) \(row.path) with \(bearer ?? "nothing"): \(reply.status)")
            }
            let isKey: Bool
            if case .account = row.access { isKey = true } else { isKey = row.access == .admin }
            if isKey {
                let key = Victim.Stranger(name: "key", bearer: victim.secret, client: "", secret: "")
                #expect(try await victim.send(row, path, as: key, ids: victim.ids).status == 401, "\(row.path)")
            }
        }
        await victim.close()
    }
}
