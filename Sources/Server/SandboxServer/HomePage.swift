internal import CronofyWire
internal import HTTPTypes
internal import PageKit
internal import SandboxKit

extension SandboxWorld {
    func homePage(problem: String? = nil) -> Answer {
        let people = vendors.flatMap { vendor in
            vendor.people.map { person -> HTML in
                """
                <tr><td>\(vendor.label)</td><td><a href="\(path(of: person, at: vendor))">\(person.displayName)</a></td>\
                <td>\(person.address)</td><td>\(person.calendars.count)</td></tr>
                """
            }
        }
        let kinds = FaultOrder.help.map { kind -> HTML in
            "<option value=\"\(kind.kind)\">\(kind.kind)</option>"
        }
        let help = FaultOrder.help.map { kind -> HTML in "<li><code>\(kind.kind)</code> \(kind.takes)</li>" }
        let waiting = faults.words.map { words -> HTML in "<li>\(words)</li>" }
        let trouble = problem.map { problem -> HTML in "<p class=\"problem\" role=\"alert\">\(problem)</p>" }
        return SandboxPage.answer(
            "Pretend calendars",
            """
            \(trouble)
            <table><thead><tr><th>Vendor</th><th>Who</th><th>Address</th><th>Calendars</th></tr></thead>\
            <tbody>\(people)</tbody></table>
            <h2>What goes wrong</h2>
            <form method="post" action="\(base)/faults">
            <p><label>Kind <select name="kind">\(kinds)</select></label>
            <label>Whose (address; empty: everybody) <input name="person"></label>
            <label>What it takes (name=value, by spaces or commas) <input name="takes" placeholder="status=429 times=3"></label>
            <button class="primary">Switch</button></p></form>
            <ul class="plain">\(waiting)</ul>
            <details><summary>Kinds, and what they take</summary><ul class="plain">\(help)</ul></details>
            <p class="sub">Google's API root is <code>\(base)/google/</code>, Graph's <code>\(base)/microsoft/v1.0</code>.</p>
            """, base: base, status: problem == nil ? .ok : .badRequest)
    }

    func path(of person: any SandboxPerson, at vendor: any SandboxVendor) -> String {
        base + "/people/" + vendor.name + "/" + PercentCoding.encodeSegment(person.address)
    }

    /// The page of one account, to look at and edit as its owner would.
    func personPage(_ person: any SandboxPerson, at vendor: any SandboxVendor, problem: String? = nil) -> Answer {
        let action = path(of: person, at: vendor)
        let books = person.calendars.map { book -> HTML in
            let rows = person.drafts(in: book.id).map { row($0, in: book.id, action) }
            let new = EventDraft(title: "", start: "", end: "", zone: "", repeats: .never)
            return "<h2>\(book.name)</h2>\(rows)<h3>New event</h3>\(row(new, in: book.id, action))"
        }
        let trouble = problem.map { problem -> HTML in "<p class=\"problem\" role=\"alert\">\(problem)</p>" }
        return SandboxPage.answer(
            "\(person.displayName) at pretend \(vendor.label)",
            """
            \(trouble)<p class="sub">Times are of the event's zone, as 2026-05-04T09:00:00; whole days as 2026-05-04, the \
            end exclusive.</p>\(books)
            """, base: base, status: problem == nil ? .ok : .badRequest)
    }

    private func row(_ draft: EventDraft, in calendar: String, _ action: String) -> HTML {
        let words = EventDraft.Repeat.allCases.map { word -> HTML in
            let mark: HTML = word == draft.repeats ? " selected" : ""
            return "<option\(mark)>\(word.rawValue)</option>"
        }
        let kept: HTML = draft.repeats == nil ? "<option value=\"\" selected>as it is</option>" : ""
        let remove: HTML = draft.id == nil ? "" : "<button name=\"do\" value=\"remove\">Delete</button>"
        return """
            <form class="card" method="post" action="\(action)"><input type="hidden" name="calendar" value="\(calendar)">\
            <input type="hidden" name="id" value="\(draft.id ?? "")">
            <label>Title <input name="title" value="\(draft.title)"></label>
            <label>Start <input name="start" value="\(draft.start)"></label>
            <label>End <input name="end" value="\(draft.end)"></label>
            <label>Zone <input name="zone" value="\(draft.zone)" placeholder="Europe/Berlin"></label>
            <label>Repeats <select name="repeats">\(kept)\(words)</select></label>
            <button class="primary" name="do" value="save">Save</button>\(remove)</form>
            """
    }

    func edit(_ form: FormText, of person: any SandboxPerson, at vendor: any SandboxVendor) async -> Answer {
        guard let calendar = form["calendar"] else { return personPage(person, at: vendor, problem: "calendar: which") }
        if form["do"] == "remove", let id = form["id"] {
            person.remove(id, in: calendar)
        } else {
            let draft = EventDraft(
                id: form["id"], title: form["title"] ?? "", start: form["start"] ?? "", end: form["end"] ?? "",
                zone: form["zone"] ?? "Etc/UTC", repeats: form["repeats"].flatMap(EventDraft.Repeat.init(rawValue:)))
            let answer = person.save(draft, in: calendar)
            guard answer.status < 300 else {
                return personPage(
                    person, at: vendor, problem: "Refused: " + String(decoding: answer.body, as: UTF8.self))
            }
        }
        await tell(of: person, at: vendor)
        return .seeOther(path(of: person, at: vendor))
    }
}
