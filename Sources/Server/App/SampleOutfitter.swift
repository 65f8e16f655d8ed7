import Accounts
import Authorization
import CivilTime
import Foundation
import GuidesWeb
import Integrations
import Planning
import Season
import StorageKit
import Trips

/// A guide service in season, so that a first look finds something to do: twelve guides with calendars that live here,
/// forty trips, some of them without a crew. Added only where there is no service yet.
struct SampleOutfitter: Sendable {
    let platform: AnchorpointPlatform

    private static let zone = ZoneID("America/Denver")
    private static let names = [
        "Maren Okafor", "Tomás Rivera", "Ines Halloway", "Jonah Feld", "Priya Raman", "Caleb Stone", "Lena Fischer",
        "Noor Haddad", "Wyatt Brooks", "Sofia Lindqvist", "Eli Navarro", "Hana Sato",
    ]

    func addWhereEmpty() async throws {
        let store = platform.planning.season
        guard try await store.service(slug: GuidesServices.sampleSlug) == nil else { return }
        let service = try await store.createService(
            name: "Basalt Ridge Guides", slug: GuidesServices.sampleSlug, contactEmail: "office@basalt.example",
            zone: Self.zone)
        let owner = try await store.person(email: "ida@basalt.example", name: "Ida Basalt", zone: Self.zone)
        try await store.setMember(owner, of: service.id, roles: [.owner], by: .system("sample"))
        let office = try await store.person(email: "olu@basalt.example", name: "Olu Adeyemi", zone: Self.zone)
        try await store.setMember(office, of: service.id, roles: [.officeManager], by: .person(owner))
        var guides: [PersonID] = []
        for (index, name) in Self.names.enumerated() {
            guides.append(try await addGuide(name, index, to: service, owner: owner))
        }
        let templates = try await addTemplates(to: service, by: owner)
        try await addTrips(templates, guides, to: service, by: owner)
        // Last: until a calendar has been read once, nobody is promised a guide's time.
        for member in try await store.members(of: service.id) where member.roles.contains(.guide) {
            try await link(member, to: service)
        }
    }

    private func today() throws -> CivilDate {
        guard let zone = ZoneDatabase.system.zone(Self.zone) else { throw SeasonError.invalid("zone", Self.zone.name) }
        return zone.civil(at: platform.accounts.now()).date
    }

    private func addGuide(
        _ name: String, _ index: Int, to service: GuideService, owner: PersonID
    ) async throws -> PersonID {
        let store = platform.planning.season
        let email = "guide\(index + 1)@basalt.example"
        let guide = try await store.person(email: email, name: name, zone: Self.zone)
        try await store.setMember(guide, of: service.id, roles: [.guide], by: .person(owner))
        let day = try today()
        var held = [Qualification(kind: "wfr", validThrough: day.adding(days: index == 3 ? 20 : 300))]
        if index % 2 == 0 { held.append(Qualification(kind: "raft-4")) }
        if index % 3 == 0 { held.append(Qualification(kind: "rock-lead")) }
        try await store.setQualifications(held, of: guide)
        return guide
    }

    /// A calendar that lives here, linked as a browser would do it: the platform is asked, and answers with a code.
    private func link(_ guide: Member, to service: GuideService) async throws {
        let parts = platform.guideCalendars
        let own = try OwnCalendars(of: guide.person, actedOnBy: guide.person)
        let asked = AskedAddress(try await parts.linking.begin(own, for: service.id, session: "sample"))
        let application = try await platform.accounts.applications().first { $0.id.value == asked.clientID }
        let request = try AuthorizationRequest(.person, asked.parameters, by: application)
        let tokens = try await platform.accounts.createAccount(
            client: request.application.id, email: guide.email, name: guide.name, zone: Self.zone, scope: request.scope)
        let connector = platform.connector
        try await platform.database.write { session in
            try connector.makeOwnCalendar(of: tokens.account, named: "Calendar", in: session)
        }
        let code = try await platform.authorization.issueCode(
            CodeGrant(request, account: tokens.account, profile: nil))
        _ = try await parts.linking.complete(
            code: code.reveal(), error: nil, state: asked.state, session: "sample", actor: guide.person)
    }

    private func addTemplates(to service: GuideService, by owner: PersonID) async throws -> [TripTemplate] {
        let (day, store) = (try today(), platform.planning.season)
        let river = Place(name: "Westwater put-in", zone: Self.zone)
        let rock = Place(name: "Indian Creek", zone: Self.zone)
        let drafts = [
            TripDraft(
                title: "Half-day raft", place: river, timing: .singleDay(day, startSecond: 8 * 3600, minutes: 270),
                seats: 12, clientsPerGuide: 6, needs: [CrewNeed(role: .lead, count: 1, qualifications: ["raft-4"])],
                price: Price(amount: 12_500, deposit: 2_500, currency: "USD")),
            TripDraft(
                title: "Canyon float, 3 days", place: river,
                timing: .multiDay(day, startSecond: 9 * 3600, days: 3, endSecond: 16 * 3600), seats: 12,
                clientsPerGuide: 6, needs: [CrewNeed(role: .lead, count: 1, qualifications: ["raft-4", "wfr"])],
                price: Price(amount: 89_500, deposit: 20_000, currency: "USD")),
            TripDraft(
                title: "Desert towers, 5 days", place: rock,
                timing: .multiDay(day, startSecond: 8 * 3600, days: 5, endSecond: 15 * 3600), seats: 6,
                clientsPerGuide: 3, needs: [CrewNeed(role: .lead, count: 1, qualifications: ["rock-lead", "wfr"])],
                price: Price(amount: 165_000, deposit: 40_000, currency: "USD")),
        ]
        var made: [TripTemplate] = []
        for draft in drafts { made.append(try await store.addTemplate(draft, to: service.id, by: .person(owner))) }
        return made
    }

    /// Forty trips around today; every fourth one that is to come is left to be staffed.
    private func addTrips(
        _ templates: [TripTemplate], _ guides: [PersonID], to service: GuideService, by owner: PersonID
    ) async throws {
        let (day, store, desk) = (try today(), platform.planning.season, platform.planning)
        for index in 0..<40 {
            guard let start = day.adding(days: -8 + index * 3 / 2) else { continue }
            let template = templates[[0, 1, 0, 2, 1][index % 5]]
            let trip = try await store.addTrip(TripDraft(template, on: start), to: service.id, by: .person(owner))
            if index % 2 == 0 {
                let party = try await store.hold(2 + index % 3, on: trip.id, of: service.id)
                _ = try await store.commit(
                    party.id, of: service.id,
                    guest: GuestDraft(email: "guest\(index)@example.com", name: "Guest \(index + 1)"))
            }
            if index % 4 == 3 && index > 6 { continue }
            for turn in 0..<guides.count {
                do {
                    _ = try await desk.assign(
                        guides[(index + turn) % guides.count], to: trip.id, of: service.id, asks: index % 7 == 5,
                        by: .person(owner))
                    break
                } catch is PlanningError {}
            }
        }
        guard let zone = ZoneDatabase.system.zone(Self.zone), let away = day.adding(days: 5),
            let back = day.adding(days: 9),
            let period = Period(from: zone.instant(of: away.midnight), to: zone.instant(of: back.midnight))
        else { return }
        _ = try await store.addManualRow(period, note: "Family", of: guides[1])
    }
}

/// What the query of an address asks for.
private struct AskedAddress {
    let pairs: [(name: String, value: String)]

    init(_ url: String) {
        pairs = url.split(separator: "?", maxSplits: 1).dropFirst().joined().split(separator: "&").compactMap { part in
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.removingPercentEncoding ?? String($0)
            }
            return halves.count == 2 ? (halves[0], halves[1]) : nil
        }
    }

    var parameters: Parameters { Parameters(pairs) }
    var clientID: String { value("client_id") }
    var state: String { value("state") }

    private func value(_ name: String) -> String { pairs.first { $0.name == name }?.value ?? "" }
}
