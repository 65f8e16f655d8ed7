import CivilTime
import CronofyWire
import HTTPTypes
import Integrations
import PageKit
import Season
import StorageKit
import Trips

/// What is kept about the visitor: shown, given as a file, erased.
struct PersonalHandlers: Sendable {
    let services: GuidesServices

    private var store: SeasonStore { services.store }

    func show(_ visit: GuideVisit) async throws -> Answer {
        let person = try visit.thePerson()
        guard let known = try await store.name(of: person) else { throw GuideFailure.notFound }
        let lines = try await store.personalData(of: person)
        return GuidePage(
            "My data",
            body: """
                <section class="narrow stack"><h1>What is kept about you</h1><p><a class="button" \
                href="/guides/me/data/file">Download it</a> <span class="sub">a file that programs can read (JSON)</span></p>
                <ul class="list">\(Self.merged(lines).html { words, count, fate in
                    """
                    <li><div class="main"><p><b>\(words)</b></p><p class="sub">If you are erased: \(fate)</p></div>\
                    <span>\(count) line\(count == 1 ? "" : "s")</span></li>
                    """
                })</ul>
                <form method="post" action="/guides/me/data/erase" class="card">\(Fields.token(visit))<h2>Erase me</h2>
                <p>You leave every service, trips ahead lose you, your calendars are unlinked, and you cannot sign in again. \
                This cannot be undone.</p>
                \(Fields.input("confirm", "Your e-mail address, to be sure", type: "email", hint: known.email))
                <button>Erase me</button></form></section>
                """
        ).answer(for: visit)
    }

    /// Tables that are one thing to people, as one; those without lines are left out.
    private static func merged(_ lines: [PersonalLines]) -> [(words: String, count: Int, fate: String)] {
        var merged: [(words: String, count: Int, fate: String)] = []
        for one in lines where !one.rows.isEmpty {
            if let place = merged.firstIndex(where: { $0.words == one.table.words && $0.fate == one.table.fate.words }) {
                merged[place].count += one.rows.count
            } else {
                merged.append((one.table.words, one.rows.count, one.table.fate.words))
            }
        }
        return merged
    }

    func file(_ visit: GuideVisit) async throws -> Answer {
        let lines = try await store.personalData(of: try visit.thePerson())
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("as_of", services.now.description)
            for one in lines {
                writer.name(text: one.table.name)
                writer.array(one.rows) { writer, row in
                    writer.object { writer in
                        for (name, value) in row {
                            writer.name(text: name)
                            switch value {
                            case .text(let text): writer.value(text)
                            case .number(let number): writer.value(number)
                            case .instant(let instant): writer.value(instant.description)
                            case nil: writer.null()
                            }
                        }
                    }
                }
            }
        }
        var answer = Answer(
            status: .ok, contentType: "application/json; charset=utf-8", body: String(decoding: writer.bytes, as: UTF8.self))
        answer.extra[.contentDisposition] = "attachment; filename=\"my-data.json\""
        return answer
    }

    func erase(_ visit: GuideVisit) async throws -> Answer {
        let person = try visit.thePerson()
        guard let known = try await store.name(of: person) else { throw GuideFailure.notFound }
        guard visit.form["confirm"]?.lowercased() == known.email else {
            throw SeasonError.invalid("confirm", "wants your e-mail address, \(known.email). Nothing was changed")
        }
        let own = try OwnCalendars(of: person, actedOnBy: person)
        let receipt = try await store.erase(person) {
            for link in try await store.database.read({ try LinkStore.links(of: person, in: $0) }) {
                try await services.choices.unlink(link.id, own)
            }
        }
        var gone = visit
        (gone.person, gone.token) = (nil, nil)
        var answer = GuidePage(
            "Erased",
            body: """
                <section class="narrow stack"><h1>You are erased</h1><p class="lead">Receipt <code>\(receipt.id)</code>, \
                \(TimeWords(zone: services.zone(known.zone)).moment(receipt.at)). Keep it; nothing here can be traced to you \
                by it.</p><ul class="plain">\(receipt.erased.sorted { $0.key < $1.key }.html { table, count in
                    "<li>\(PersonalTable.words(table)): \(count)</li>"
                })</ul></section>
                """
        ).answer(for: gone)
        answer.cookies = GuideCookies(publicURL: services.publicURL).ended
        return answer
    }
}

extension PersonalTable {
    var words: String { Self.words(name) }

    static func words(_ name: String) -> String {
        switch name {
        case "people": "Name, address, telephone"
        case "memberships": "Services and roles"
        case "qualifications": "Certificates"
        case "assignments": "Places on trips"
        case "guide_availability": "Busy and free time"
        case "availability_shares": "What services see"
        case "seasons": "Seasons"
        case "calendar_links", "calendar_integrations": "Linked calendar accounts"
        case "integration_calendars": "Calendars in them"
        case "calendar_details": "Titles of events you let us keep"
        case "trip_events", "trip_event_proposals": "Trips in your calendar"
        case "calendar_feeds": "Addresses to subscribe to"
        case "person_tokens": "Keys of programs"
        case "season_sign_ins": "Sessions"
        case "letters": "Letters to you"
        case "invitations": "Invitations to you"
        case "cut_letters": "Calendars you were told of"
        default: "Working notes"
        }
    }
}

extension PersonalTable.Fate {
    var words: String {
        switch self {
        case .erased: "goes"
        case .kept(let reason): "stays: \(reason)"
        }
    }
}
