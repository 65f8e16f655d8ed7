import CivilTime
import PageKit
import Season
import Trips

/// Guides by days, and the trips that still want people.
struct BoardPage: Sendable {
    let service: GuideService
    let kept: BoardKeeper.Board
    let days: BoardDays
    let month: MonthName
    let isSeason: Bool
    let now: Instant

    private var base: String { GuidePath.service(service.slug) }
    private var board: SeasonBoard { kept.board }

    func body(for visit: GuideVisit) -> HTML {
        let open = OpenTrip.of(board, after: now)
        return """
            <div id="board" data-changes="\(base)/board/changes">
            <div class="page-head"><div><h1>\(isSeason ? "\(month.words) and two months more" : month.words)</h1>
            <p class="sub">Days and times in \(days.zone.id.name). \(count(board.guides.count, "guide")), \
            \(count(board.trips.count, "trip")), \(count(open.count, "trip")) without a full crew.</p></div>
            \(steps)</div>
            \(queue(open, visit))
            <h2>Guides</h2>
            \(board.guides.isEmpty
                ? "<p class=\"empty\">No guides yet. <a href=\"\(base)/members\">Invite the first</a>.</p>" : table)
            \(Self.legend)
            </div>
            """
    }

    private func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    private var steps: HTML {
        let span = isSeason ? "&span=season" as HTML : HTML.nothing
        return """
            <nav class="steps" aria-label="Months"><ul>
            <li><a class="button" href="\(base)/board?month=\(month.adding(-1).text)\(span)">Earlier</a></li>
            <li><a class="button" href="\(base)/board?month=\(month.adding(1).text)\(span)">Later</a></li>
            <li><a class="button" href="\(base)/board?month=\(month.text)\(
                isSeason ? HTML.nothing : "&span=season" as HTML)">\(isSeason ? "One month" : "Season")</a></li>
            <li><a class="button" href="\(base)/plan">Fill the season</a></li>
            </ul></nav>
            """
    }

    private func queue(_ open: [OpenTrip], _ visit: GuideVisit) -> HTML {
        guard !open.isEmpty else { return "<p class=\"empty\">Every trip of these days has its crew.</p>" }
        return """
            <h2>Without a full crew</h2><datalist id="guides">\(GuideNames(board.guides).labels.html { label in
                "<option>\(label)"
            })</datalist><ul class="queue">\(open.prefix(60).html { card($0, visit) })</ul>\(open.count > 60
                ? "<p>\(open.count - 60) more are in <a href=\"\(base)/trips\">Trips</a>.</p>" as HTML : HTML.nothing)
            """
    }

    private func card(_ open: OpenTrip, _ visit: GuideVisit) -> HTML {
        let trip = open.stored.trip
        let path = GuidePath.trip(trip.id, of: service.slug)
        return """
            <li class="card" draggable="true" data-trip="\(trip.id.value)"><h3><a href="\(path)">\(trip.title)</a></h3>
            <p class="sub">\(TimeWords(zone: zone(of: trip)).span(trip.period))</p>
            <p><span class="state warn">\(open.words) missing</span> <span class="sub">\(open.stored.seatsTaken) of \
            \(trip.seats) seats taken</span></p>
            <form method="post" action="\(base)/board/assign" data-assign="\(trip.id.value)" class="inline">\
            \(Fields.token(visit))\(Fields.hidden("trip", trip.id.value))\(Fields.hidden("role", open.missing[0].role.rawValue))\
            \(Fields.hidden("month", month.text))<div class="field"><label class="sr" for="guide-\(trip.id.value)">Guide for \
            \(trip.title)</label><input id="guide-\(trip.id.value)" name="guide" list="guides" placeholder="Guide" \
            autocomplete="off" required></div><button>Assign</button></form>
            <p><a href="\(path)#who">Who can run this?</a></p></li>
            """
    }

    private func zone(of trip: Trip) -> Zone {
        trip.place.zone == days.zone.id ? days.zone : ZoneDatabase.system.zone(trip.place.zone) ?? days.zone
    }

    private var table: HTML {
        var html: HTML = """
            <div class="scroll" tabindex="0" role="region" aria-label="Guides by days"><table class="board"><thead><tr>\
            <th class="corner" scope="col">Guide
            """
        // One long string is made in place: a season of a large service is some hundred kilobytes.
        html.reserveCapacity(kept.rows.reduce(days.count * 100) { $0 + $1.text.utf8.count })
        let today = days.zone.civil(at: now).date
        for place in 0..<days.count {
            guard let day = days.first.adding(days: place) else { break }
            let kind: HTML = day == today ? " class=\"today\"" : HTML.nothing
            html += """
                <th scope="col"\(kind)><abbr title="\(TimeWords.day(day))">\
                \(TimeWords.weekdays[day.weekday.rawValue % 7].prefix(2))<b>\(day.day)</b></abbr>
                """
        }
        html += "<tbody>"
        for row in kept.rows { html += row }
        html += "</table></div>"
        return html
    }

    private static let legend: HTML = """
        <p class="legend"><span class="k-trip">on a trip</span><span class="k-asked">asked, not answered</span>\
        <span class="k-busy">busy</span><span class="k-soft">perhaps busy, or away</span>\
        <span class="k-clash">on a trip while busy</span></p>
        """
}

extension GuideAvailability.Source {
    /// What others may read of a busy row: where it comes from, never what it is.
    var words: String {
        switch self {
        case .assignment: "other service"
        case .manual: "blocked"
        case .sync: "busy"
        }
    }
}
