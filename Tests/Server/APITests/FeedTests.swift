import CivilTime
import Foundation
import HTTPTypes
import ICalendar
import Planning
import Sealing
import Season
import StorageKit
import Support
import Testing
import Trips

@testable import App
@testable import GuidesWeb

@Suite("Calendars to subscribe to")
struct FeedTests {
    /// Makes an address as the page's button does, and returns its path.
    private func make(_ browser: PageBrowser, _ page: String) async throws -> String {
        let reply = try await browser.post(
            page, ["form_token": try #require(try await browser.get(page).formToken), "to": "make"])
        let address = try #require(reply.text.components(after: "<pre>", until: "<").first)
        #expect(address.hasPrefix(LiveServer.base))
        return String(address.dropFirst(LiveServer.base.count))
    }

    @Test("shows what its maker may see, asks again cheaply, and ends with the next address or the maker's place")
    func feeds() async throws {
        let world = try await SampleWorld()
        let (office, guide) = (
            try await world.browser("olu@basalt.example"), try await world.browser("guide1@basalt.example")
        )
        let whole = try await make(office, "/guides/services/basalt-ridge/feed")
        let own = try await make(guide, "/guides/me/feed")
        #expect(try await guide.get("/guides/services/basalt-ridge/feed").status == 404)
        let nobody = PageBrowser(world.server)
        let all = try await nobody.get(whole)
        #expect(all.status == 200 && all.headers[.contentType]?.hasPrefix("text/calendar") == true)
        let mine = try await nobody.get(own).text
        let person = try #require(try await world.store.person(of: "guide1@basalt.example"))
        let agenda = try await world.store.agenda(of: person, after: world.store.now())
        func count(_ text: String) -> Int { text.components(separatedBy: "BEGIN:VEVENT").count - 1 }
        #expect(count(mine) >= agenda.count && count(mine) < count(all.text) && !agenda.isEmpty)
        #expect(agenda.allSatisfy { mine.contains($0.assignment.id.value) })
        #expect(!all.text.contains("guest0@example.com") && !all.text.contains("Guest 1"))
        // Asked again: nothing new. Then a trip more.
        let tag = try #require(all.headers[.eTag])
        let again = try await world.server.send(.get, whole, headers: [.ifNoneMatch: tag])
        #expect(again.status == 304 && again.text.isEmpty)
        #expect(try await world.server.send(.get, whole, headers: [.ifNoneMatch: "W/\"other\""]).status == 200)
        let day = try #require(CivilDate(dayNumber: Int32(world.store.now().seconds / 86_400) + 30))
        _ = try await world.store.addTrip(
            TripDraft(
                title: "One more", place: Place(name: "Moab", zone: ZoneID("America/Denver")),
                timing: .singleDay(day, startSecond: 8 * 3600, minutes: 240), seats: 6, clientsPerGuide: 6,
                needs: [CrewNeed(role: .lead, count: 1)]),
            to: world.service.id, by: .system("test"))
        let changed = try await world.server.send(.get, whole, headers: [.ifNoneMatch: tag])
        #expect(changed.status == 200 && changed.text.contains("One more"))
        // A new address ends the old one; so does losing the office.
        let next = try await make(office, "/guides/services/basalt-ridge/feed")
        #expect(try await nobody.get(whole).status == 404)
        #expect(try await nobody.get(next).status == 200)
        let maker = try #require(try await world.store.person(of: "olu@basalt.example"))
        try await world.store.setMember(maker, of: world.service.id, roles: [.guide], by: .system("test"))
        #expect(try await nobody.get(next).status == 404)
        #expect(try await nobody.get("/guides/feeds/none.ics").status == 404)
    }
}
