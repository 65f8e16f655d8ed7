import Accounts
import Authorization
import CivilTime
import CronofyWire
import HTTPTypes
import ICalendar
import Jobs
import Notifications
import ProviderKit
import StorageKit
import Support
import Sync
import Testing
import Web

@testable import App

@Suite("What a person's addresses and wishes lead to")
struct ForgettingTests {
    @Test("asked to forget, every application that listens is told, and has access until it ends it")
    func forget() async throws {
        let sink = LoopbackServer { _ in .text(200, "") }
        let world = try await NotifyWorld()
        try await world.open(sink.url + "/one", filters: #"{"only_managed": true}"#)
        try await world.open(sink.url + "/two", token: world.writerToken)
        try await world.deliver()
        let owner = PageBrowser(world.server)
        let link = try await SignIns(accounts: world.server.platform.accounts).issueLink(account: world.account)
            .reveal()
        _ = try await owner.submit(try await owner.get("/sign-in/" + link), to: "/sign-in/")
        let page = try await owner.get("/people/\(world.account.value)/applications")
        let told = try await owner.submit(page, to: "/forget")
        #expect(told.location?.hasSuffix("done=asked-to-forget") == true)
        try await world.skipPauses()
        try await world.deliver()
        let heard = sink.requests.filter { $0.type == "gdpr_requested" }
        #expect(heard.contains { $0.path == "/one" })
        #expect(try await world.server.send(.get, "/v1/account", bearer: world.token).status == 200)
        // Another person's page is not the owner's to press.
        let foreign = try await owner.post("/people/acc_other/forget", ["form_token": page.formToken ?? ""])
        #expect(foreign.status == 404)
        sink.stop()
        await world.close()
    }

    @Test(
        "an invitation to any of the person's addresses is theirs to answer", arguments: TestDatabase.kinds)
    func addresses(_ kind: TestDatabase.Kind) async throws {
        let world = try await NotifyWorld(kind)
        let platform = world.server.platform
        let account = world.account
        // A connection whose provider knows two more addresses.
        _ = try await ProfileLinker(profiles: platform.profiles, queue: platform.queue).link(
            ProfileLinker.Link(
                provider: ProviderName("caldav"), address: "http://127.0.0.1:1/", username: "maya",
                credential: Secret("x")),
            to: RemoteAccount(
                identity: "http://127.0.0.1:1/maya/", displayName: "Work",
                addresses: ["Maya.Second@example.org", "maya@third.example"], calendars: []), account: account)
        let text = ["maya@example.com", "maya.second@example.org", "MAYA@third.example", "stranger@example.com"]
            .enumerated().map { index, email in
                """
                BEGIN:VEVENT\r
                UID:invited-\(index)\r
                DTSTAMP:20260101T000000Z\r
                DTSTART:20390405T1\(index)0000Z\r
                DTEND:20390405T1\(index)3000Z\r
                SUMMARY:Invited \(index)\r
                ORGANIZER:mailto:lee@example.com\r
                ATTENDEE;PARTSTAT=TENTATIVE:mailto:\(email)\r
                END:VEVENT\r

                """
            }.joined()
        _ = try await platform.connector.importFile(
            Array("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n\(text)END:VCALENDAR\r\n".utf8), name: "Invited",
            for: account)
        while await platform.jobs().runOnce() > 0 {}
        let reply = try await world.server.send(
            .get, "/v1/events?tzid=Etc/UTC&from=2039-01-01&to=2040-01-01", bearer: world.token)
        guard case .array(let events)? = try reply.json["events"] else { throw NotifyWorld.Missing() }
        #expect(events.count == 4)
        for event in events {
            guard case .string(let summary)? = event["summary"], case .string(let uid)? = event["event_uid"],
                case .string(let calendar)? = event["calendar_id"]
            else { throw NotifyWorld.Missing() }
            let isOwn = summary != "Invited 3"
            #expect(event["participation_status"] == .string(isOwn ? "tentative" : "accepted"), "\(summary)")
            #expect(event["options"]?["change_participation_status"] == .bool(isOwn), "\(summary)")
            let answered = try await world.server.send(
                .post, "/v1/calendars/\(calendar)/events/\(uid)/participation_status", bearer: world.token,
                body: #"{"status":"accepted"}"#)
            #expect(answered.status == (isOwn ? 202 : 403), "\(summary): \(answered.text)")
        }
        await world.close()
    }
}
