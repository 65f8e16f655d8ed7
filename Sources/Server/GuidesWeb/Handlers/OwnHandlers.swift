import CivilTime
import HTTPTypes
import PageKit
import Sealing
import Season
import Trips

/// A guide's own pages: trips, time, calendars. Everything in them is the visitor's alone.
struct OwnHandlers: Sendable {
    let services: GuidesServices

    private var store: SeasonStore { services.store }

    /// The trips to come. Kept by the browser, so that it can be read without network.
    func agenda(_ visit: GuideVisit) async throws -> Answer {
        let person = try visit.thePerson()
        let entries = try await store.agenda(of: person, after: services.now)
        let asked = entries.filter { $0.assignment.state == .asked }
        let accepted = entries.filter { $0.assignment.state == .accepted }
        let zone = services.zone(try await store.name(of: person)?.zone ?? .utc)
        return GuidePage(
            "My agenda", section: .agenda, script: .agenda,
            body: """
                <h1>My agenda</h1>
                <p class="sub">As of \(TimeWords(zone: zone).moment(services.now)). <span id="offline" hidden>No network: \
                this is what was read last.</span></p>
                \(asked.isEmpty ? HTML.nothing : "<h2>You are asked</h2><ul class=\"list\">\(asked.html { entry($0, visit) })</ul>")
                <h2>Trips</h2>
                \(accepted.isEmpty ? "<p class=\"empty\">No trips ahead.</p>" as HTML
                    : "<ul class=\"list\">\(accepted.html { entry($0, visit) })</ul>")
                <p><a href="/guides/me/feed">Subscribe to them in a calendar program</a></p>
                """
        ).answer(for: visit)
    }

    private func entry(_ entry: AgendaEntry, _ visit: GuideVisit) -> HTML {
        let trip = entry.trip.trip
        let times = TimeWords(zone: services.zone(trip.place.zone))
        let hidden = [("assignment", entry.assignment.id.value), ("service", entry.slug)]
        return """
            <li><div class="main"><h3>\(trip.title)</h3><p>\(times.span(trip.period))</p>
            <p class="sub">\(trip.place.name) · \(entry.assignment.role.words) · \(entry.serviceName) · \
            \(entry.trip.seatsTaken) guests\(entry.crew.isEmpty ? "" : " · with " + entry.crew.joined(separator: ", "))</p>
            \(entry.assignment.deadline.map { "<p class=\"warn-text\">Answer by \(times.moment($0))</p>" as HTML })</div>
            \(entry.assignment.state == .asked ? """
                <div class="row">\(Fields.button(visit, "/guides/me/answer", "Accept", style: "primary", hidden + [("to", "accept")]))\
                \(Fields.button(visit, "/guides/me/answer", "Decline", hidden + [("to", "decline")]))</div>
                """ : "<a href=\"\(GuidePath.trip(trip.id, of: entry.slug))/crew-sheet\">Crew sheet</a>" as HTML)</li>
            """
    }

    func answer(_ visit: GuideVisit) async throws -> Answer {
        let person = try visit.thePerson()
        guard let service = try await store.service(slug: visit.form["service"] ?? ""), let to = visit.form["to"],
            ["accept", "decline"].contains(to)
        else { throw GuideFailure.notFound }
        try await store.answer(
            AssignmentID(visit.form["assignment"] ?? ""), of: service.id, accepts: to == "accept", by: person)
        return .seeOther("/guides/me/agenda")
    }

    /// Blocks by hand.
    func time(_ visit: GuideVisit) async throws -> Answer {
        let person = try visit.thePerson()
        let zone = services.zone(try await store.name(of: person)?.zone ?? .utc)
        let now = services.now
        let rows = try await store.manualRows(of: person, in: try ahead(now))
        let today = TimeWords.iso(zone.civil(at: now).date)
        return GuidePage(
            "My time", section: .time, notice: visit.query["saved"] == nil ? nil : "<p>Saved.</p>",
            body: """
                <h1>My time</h1><p class="lead">When you are not there, beside what your calendars say. Times in \
                \(zone.id.name).</p>
                <form method="post" action="/guides/me/time" class="card">\(Fields.token(visit))<div class="two">
                \(Fields.input("from", "From", type: "date", value: today))
                \(Fields.input("start", "At", type: "time", value: "00:00"))
                \(Fields.input("to", "To, and with", type: "date", value: today))
                \(Fields.input("end", "Until", type: "time", hint: "Leave it empty for the end of that day.", isRequired: false))
                \(Fields.select("kind", "I am", [("away", "not there"), ("there", "there, whatever my calendar says")]))
                \(Fields.select(
                    "visibility", "Services see", [("busy", "that I am busy"), ("private", "nothing, only that I am away"), ("detail", "my note")]))
                </div>\(Fields.input("note", "Note", isRequired: false))<button class="primary">Save</button></form>
                <h2>To come</h2>
                \(rows.isEmpty ? "<p class=\"empty\">Nothing blocked by hand.</p>" as HTML : HTML.nothing)
                <ul class="list">\(rows.html { row in
                    """
                    <li><div class="main"><p>\(TimeWords(zone: zone).span(row.period))</p><p class="sub">\
                    \(row.isAvailable ? "there" : "not there") · services see \(row.visibility.words)\
                    \(row.note.isEmpty ? "" : " · " + row.note)</p></div>\
                    \(Fields.button(visit, "/guides/me/time/remove", "Remove", style: "quiet", [("row", row.id)]))</li>
                    """
                })</ul>
                """
        ).answer(for: visit)
    }

    private func ahead(_ now: Instant) throws -> Period {
        guard let end = now.advanced(bySeconds: 400 * 86_400), let period = Period(from: now, to: end) else {
            throw GuideFailure.notFound
        }
        return period
    }

    func block(_ visit: GuideVisit) async throws -> Answer {
        let person = try visit.thePerson()
        let zone = services.zone(try await store.name(of: person)?.zone ?? .utc)
        guard let from = TimeWords.date(iso: visit.form["from"]), let to = TimeWords.date(iso: visit.form["to"]),
            let start = TimeWords.second(clock: visit.form["start"] ?? "00:00"),
            let first = CivilDateTime(date: from, secondOfDay: start)
        else { throw SeasonError.invalid("from", "and “to” want days such as 2026-07-03, “at” a time such as 08:00") }
        let last: CivilDateTime? =
            visit.form["end"] == nil
            ? to.adding(days: 1)?.midnight
            : TimeWords.second(clock: visit.form["end"]).flatMap { CivilDateTime(date: to, secondOfDay: $0) }
        guard let last, let period = Period(from: zone.instant(of: first), to: zone.instant(of: last)),
            period.end.seconds - period.start.seconds <= 400 * 86_400
        else { throw SeasonError.invalid("to", "wants an end after the start, within 400 days") }
        _ = try await store.addManualRow(
            period, isAvailable: visit.form["kind"] == "there",
            visibility: GuideAvailability.Visibility(rawValue: visit.form["visibility"] ?? "") ?? .busy,
            note: visit.form["note"] ?? "", of: person)
        return .seeOther("/guides/me/time?saved=1")
    }

    func unblock(_ visit: GuideVisit) async throws -> Answer {
        try await store.removeManualRow(visit.form["row"] ?? "", of: try visit.thePerson())
        return .seeOther("/guides/me/time?saved=1")
    }

    func account(_ visit: GuideVisit) async throws -> Answer { try await account(visit, made: nil) }

    /// - Parameter made: a key to the JSON API that was made just now.
    private func account(_ visit: GuideVisit, made: Secret?) async throws -> Answer {
        let person = try visit.thePerson()
        guard let known = try await store.name(of: person) else { throw GuideFailure.notFound }
        let keys = try await store.personTokens(of: person)
        let times = TimeWords(zone: services.zone(known.zone))
        return GuidePage(
            "My account",
            body: """
                <section class="narrow stack"><div><h1>\(known.name)</h1><p class="lead">\(known.email), \
                \(known.zone.name)</p></div>
                <form method="post" action="/guides/me/password" class="card">\(Fields.token(visit))<h2>Set a password</h2>
                <input type="hidden" name="username" value="\(known.email)" autocomplete="username">
                \(Fields.input(
                    "password", "New password", type: "password",
                    hint: """
                        \(SeasonStore.shortestPassword) characters or more. You are signed out everywhere else, and keys of \
                        programs end.
                        """,
                    autocomplete: "new-password"))<button class="primary">Set it</button></form>
                <section class="card stack"><h2>Programs of yours</h2><p class="sub">A key lets a program read and change what \
                you may, by the JSON API at \(services.publicURL)/api.</p>
                \(made.map { "<p>This is shown once. Copy it now:</p><pre>\($0.reveal())</pre>" as HTML })
                \(keys.isEmpty ? "<p class=\"empty\">No keys.</p>" as HTML : HTML.nothing)
                <ul class="list">\(keys.html { key in
                    """
                    <li><div class="main"><p><b>\(key.name)</b></p><p class="sub">made \(times.moment(key.createdAt)), \
                    \(key.usedAt.map { "last used \(times.moment($0))" } ?? "never used")</p></div>\
                    \(Fields.button(visit, "/guides/me/keys", "End \(key.name)", style: "quiet", [("end", key.id)]))</li>
                    """
                })</ul><form method="post" action="/guides/me/keys">\(Fields.token(visit))
                \(Fields.input("name", "What it is for"))<button>Make a key</button></form></section>
                <p><a href="/guides/me/data">What is kept about you</a>: to see, to download, to erase</p></section>
                """
        ).answer(for: visit)
    }

    /// Makes or ends a key to the JSON API.
    func changeKeys(_ visit: GuideVisit) async throws -> Answer {
        let person = try visit.thePerson()
        if let ended = visit.form["end"] {
            try await store.endPersonToken(ended, of: person)
            return .seeOther("/guides/me/account")
        }
        return try await account(visit, made: try await store.makePersonToken(named: visit.form["name"] ?? "", of: person))
    }

    func setPassword(_ visit: GuideVisit) async throws -> Answer {
        let person = try visit.thePerson()
        try await store.setPassword(Secret(visit.form.exact("password") ?? ""), of: person)
        var answer = Answer.seeOther("/guides/me/account")
        answer.cookies = [
            GuideCookies(publicURL: services.publicURL).session(try await store.beginSession(of: person))
        ]
        return answer
    }
}

extension GuideAvailability.Visibility {
    var words: String {
        switch self {
        case .private: "only that you are away"
        case .busy: "that you are busy"
        case .detail: "your note"
        }
    }
}
