import Accounts
import CivilTime

/// What stands above a week or a month: where to go from here, whose view it is, and how fresh the picture is.
struct ScheduleHead: Sendable {
    let heading: String
    let previous, next: Link?
    let today: String
    let otherSpan: Link
    let forOwner, forOthers: Link
    let isForOthers: Bool
    /// `Times in Europe/Paris (UTC+2)`.
    let zone: String
    let calendars: [Legend]
    let nothingCounts: Bool
    /// Why something is drawn as not known.
    let doubts: [String]
    let choosePath: String

    struct Link: Sendable {
        let label, path: String
        var isCurrent = false
    }

    struct Legend: Sendable {
        let name: String
        let hue: Int
        let age: String
        /// A word on the connection where it is not simply connected.
        let state: String?
        let tone: String
    }

    init(
        _ picture: PersonPicture, heading: String, own: String, previous: Link?, next: Link?, otherSpan: Link,
        audience: ScheduleReader.Audience, span: (first: DayFrame, last: DayFrame)?, zone: Zone, doubts: [Occupied],
        now: Instant
    ) {
        let base = PagePath.person(picture.account.id) + "/schedule?"
        let suffix = audience == .others ? "&view=others" : ""
        func link(_ link: Link) -> Link { Link(label: link.label, path: base + link.path + suffix) }
        self.heading = heading
        (self.previous, self.next, self.otherSpan) = (previous.map(link), next.map(link), link(otherSpan))
        today = base + (own.hasPrefix("month") ? "month" : "week") + "=now" + suffix
        isForOthers = audience == .others
        forOwner = Link(label: "With details", path: base + own, isCurrent: !isForOthers)
        forOthers = Link(label: "As others see it", path: base + own + "&view=others", isCurrent: isForOthers)
        self.zone = "Times in \(zone.id.name)" + Self.offsets(span, zone)
        let counted = picture.calendars.filter(\.isCounted)
        nothingCounts = counted.isEmpty
        calendars = counted.map { calendar in
            let words = picture.profile(of: calendar).map { ConnectionWords($0, now: now) }
            return Legend(
                name: calendar.name, hue: Hue.of(calendar, in: picture),
                age: calendar.syncedAt.map { Age.text(of: $0, at: now) } ?? "not read yet",
                state: words.flatMap { $0.tone == "ok" ? nil : $0.state }, tone: words?.tone ?? "off")
        }
        var reasons: [String] = []
        // Others learn that something is not known, but not which calendar it is.
        for doubt in doubts {
            let reason = audience == .others ? "not everything is known" : doubt.title ?? ""
            if !reasons.contains(reason) { reasons.append(reason) }
        }
        self.doubts = reasons
        choosePath = PagePath.person(picture.account.id)
    }

    /// The offsets that hold in the span, in order.
    private static func offsets(_ span: (first: DayFrame, last: DayFrame)?, _ zone: Zone) -> String {
        guard let span else { return "" }
        var found = [zone.offset(at: span.first.start)]
        if let end = span.last.end.advanced(bySeconds: -1), zone.offset(at: end) != found[0] {
            found.append(zone.offset(at: end))
        }
        return " (" + found.map(CivilWords.offset).joined(separator: ", then ") + ")"
    }

    static let template = """
        {{#.head}}
        <div class="schedule-head">
        <h2>{{.heading}}</h2>
        <nav class="steps" aria-label="Move in time"><ul>
        {{#.previous}}<li><a class="button" href="{{.path}}" rel="prev">{{.label}}</a></li>{{/.previous}}
        <li><a class="button" href="{{.today}}">Today</a></li>
        {{#.next}}<li><a class="button" href="{{.path}}" rel="next">{{.label}}</a></li>{{/.next}}
        {{#.otherSpan}}<li><a class="button" href="{{.path}}">{{.label}}</a></li>{{/.otherSpan}}
        </ul></nav>
        </div>
        <div class="schedule-bar"><nav class="switch" aria-label="Whose view"><ul>
        {{#.forOwner}}<li><a href="{{.path}}"{{#.isCurrent}} aria-current="true"{{/.isCurrent}}>{{.label}}</a></li>{{/.forOwner}}
        {{#.forOthers}}<li><a href="{{.path}}"{{#.isCurrent}} aria-current="true"{{/.isCurrent}}>{{.label}}</a></li>{{/.forOthers}}
        </ul></nav>
        <p class="sub zone">{{.zone}}</p></div>
        {{#.nothingCounts}}<p class="problem">No calendar counts, so all time looks free. \
        <a href="{{.choosePath}}">Choose which calendars count</a></p>{{/.nothingCounts}}
        {{#.doubts}}<p class="doubt-note"><span class="swatch unknown" aria-hidden="true"></span> Counts as busy: {{.}}.</p>\
        {{/.doubts}}
        {{/.head}}
        """

    static let legendTemplate = """
        {{#.head}}{{^.isForOthers}}
        <section class="legend" aria-label="Calendars that count">
        <ul>
        {{#.calendars}}
        <li><span class="dot hue-{{.hue}}" aria-hidden="true"></span> <span>{{.name}}</span> <span class="sub">{{.age}}</span>\
        {{#.state}} <span class="state {{tone}}">{{.}}</span>{{/.state}}</li>
        {{/.calendars}}
        </ul>
        </section>
        {{/.isForOthers}}{{/.head}}
        """
}
