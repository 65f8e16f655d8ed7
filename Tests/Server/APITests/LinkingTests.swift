import Accounts
import CivilTime
import CronofyWire
import HTTPTypes
import SandboxKit
import StorageKit
import Support
import Testing

@testable import App
@testable import SandboxServer

@Suite("Calendars of people who sign in with a vendor")
struct LinkingTests {
    @Test(
        "from the page to the vendor and back: read, changed there, written here, removed",
        arguments: ["google", "microsoft"])
    func wholeLife(vendor: String) async throws {
        let world = try await LinkWorld()
        let choices = try await world.browser.get("/people/\(world.account.value)/connect")
        #expect(choices.text.contains("Pretend \(vendor == "google" ? "Google" : "Microsoft") account"))
        let profile = try await world.link(vendor)
        #expect(profile.connection.state == .connected && profile.initialSyncDone)
        #expect(profile.name == LinkWorld.people[vendor])
        let person = try world.person(vendor)
        let own = try #require(person.calendars.first?.id)
        for draft in person.drafts(in: own) { #expect(try await world.titles().contains(draft.title)) }

        // Changed there.
        var draft = try #require(person.drafts(in: own).first { $0.repeats == .never })
        let old = draft.title
        draft.title = "Moved by the person"
        #expect(person.save(draft, in: own).status < 300)
        try await world.sync(vendor)
        #expect(try await world.titles().contains("Moved by the person"))
        #expect(try await !world.titles().contains(old))

        // Written here, and taken back.
        let calendar = try await world.calendar(vendor)
        let tomorrow = Instant(seconds: AnchorpointPlatform.now().seconds / 86_400 * 86_400 + 2 * 86_400 + 9 * 3600)
        let write = try await world.server.post(
            "/v1/calendars/\(calendar)/events",
            [
                "event_id": "trip", "summary": "Canyon float", "start": tomorrow.description,
                "end": Instant(seconds: tomorrow.seconds + 3600).description,
            ], bearer: world.bearer)
        #expect(write.status == 202)
        try await world.server.settle()
        #expect(person.drafts(in: own).contains { $0.title == "Canyon float" })
        let removal = try await world.server.send(
            .delete, "/v1/calendars/\(calendar)/events", bearer: world.bearer, body: #"{"event_id":"trip"}"#)
        #expect(removal.status == 202)
        try await world.server.settle()
        #expect(!person.drafts(in: own).contains { $0.title == "Canyon float" })

        // Lost cursors lose nothing.
        person.expireCursors()
        person.remove(draft.id ?? "", in: own)
        try await world.sync(vendor)
        #expect(try await !world.titles().contains("Moved by the person"))
        #expect(try await world.profile(vendor).connection.state == .connected)
        await world.close()
    }

    @Test("an application's request goes on after the vendor's consent, to tokens", arguments: TestDatabase.kinds)
    func application(_ kind: TestDatabase.Kind) async throws {
        let world = try await LinkWorld(kind)
        let stranger = PageBrowser(world.server)
        let query =
            "response_type=code&client_id=\(world.client.value)&state=xyz&scope=read_events&redirect_uri="
            + PageBrowser.encoded(OAuthWorld.redirect)
        let start = try await stranger.get("/oauth/authorize?" + query)
        let link = try #require(start.links.first { $0.contains("/connect/google?") })
        let visitor = LinkWorld(world, browser: stranger)
        let back = try await stranger.get(try await visitor.consent("google", from: link))
        #expect(back.location?.hasPrefix(OAuthWorld.redirect + "?code=") == true, "\(back.text)")
        #expect(back.parameter("state") == "xyz")
        // A new account, in the zone of its calendar.
        let all = try await world.server.platform.accounts.accounts()
        let fresh = try #require(all.first { $0.email == LinkWorld.people["google"] })
        #expect(fresh.id != world.account && fresh.zone.name == "America/Denver")
        await world.close()
    }

    @Test("denied, left out, or come back by another browser, twice or too late: nothing is connected, and it says why")
    func refusals() async throws {
        let world = try await LinkWorld()
        func count() async throws -> Int { try await world.server.platform.profiles.profiles(of: world.account).count }
        let denied = try await world.browser.get(try await world.consent("google", answer: "deny"))
        #expect(denied.status == 400 && denied.text.contains("You did not allow it"), "\(denied.text)")
        let without = try await world.browser.get(try await world.consent("google", scopes: []))
        #expect(without.status == 400 && without.text.contains("leave them ticked"), "\(without.text.suffix(900))")

        // Somebody else's answer, led into this browser; and this browser's answer led elsewhere.
        let path = try await world.consent("google")
        let other = try await PageBrowser(world.server).get(path)
        #expect(other.status == 400 && other.text.contains("no request of this browser"))
        let foreign = path.replacing("state=", with: "state=x")
        #expect(try await world.browser.get(foreign).status == 400)
        #expect(try await count() == 0)

        // The control: the same answer in its own browser, once.
        #expect(try await world.browser.get(path).status == 303)
        #expect(try await world.browser.get(path).status == 400)
        #expect(try await count() == 1)
        await world.close()
    }

    @Test(
        "an access token that ran out is renewed; what was revoked is told, and connecting again keeps the profile",
        arguments: ["google", "microsoft"])
    func revoked(vendor: String) async throws {
        let world = try await LinkWorld()
        let profile = try await world.link(vendor)
        let before = try await world.server.platform.profiles.credential(of: profile)
        _ = try world.sandbox.carryOut(FaultOrder(.expireAccess))
        try await world.sync(vendor)
        #expect(try await world.profile(vendor).connection.state == .connected)
        #expect(try await world.server.platform.profiles.credential(of: profile) != before)

        _ = try world.sandbox.carryOut(FaultOrder(.end(.revoked), person: LinkWorld.people[vendor]))
        try await world.sync(vendor)
        let lost = try await world.profile(vendor).connection
        #expect(lost.state == .disconnected && lost.cause == .authorizationLost)
        #expect(lost.explanation?.contains("access was taken back") == true)
        let again = try await world.link(vendor)
        #expect(again.id == profile.id && again.connection.state == .connected)
        await world.close()
    }

    @Test("nothing of the vendor's tokens stands open in the database")
    func sealed() async throws {
        let world = try await LinkWorld()
        let profile = try await world.link("microsoft")
        let open = try #require(try await world.server.platform.profiles.credential(of: profile)?.reveal())
        let token = try #require(try JSONValue(parsing: Array(open.utf8))["refresh"]?.text)
        let kept = try await world.server.platform.database.read { session in
            try session.all("SELECT credential FROM profiles", []) { try $0.optionalBlob(0) ?? [] }
        }
        #expect(!kept.isEmpty && kept.allSatisfy { !String(decoding: $0, as: UTF8.self).contains(token.prefix(20)) })
        await world.close()
    }
}
