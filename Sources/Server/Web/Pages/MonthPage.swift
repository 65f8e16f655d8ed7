import Accounts
import CivilTime

/// A month, a week in a row, with each day's busy hours as a strip.
struct MonthPage: PageView {
    let title: String
    let head: ScheduleHead
    let weeks: [Week]

    struct Week: Sendable {
        let label, path: String
        let days: [Day]
    }

    struct Day: Sendable {
        let number: Int
        let full, machineDate: String
        let isToday, isOutside: Bool
        let note: String?
        let isFree: Bool
        let isUnknown: Bool
        let strips: [Strip]
        let entries: [Entry]
        let more: String?
    }

    /// A part of the day's strip, in 288ths of the day.
    struct Strip: Sendable {
        let x, width: Int
        let kind: String
    }

    struct Entry: Sendable {
        let kind, text, hue: String
        let time: String?
    }

    init(
        title: String, head: ScheduleHead, month: MonthID, layouts: [CivilDate: DayLayout], base: String,
        suffix: String,
        today: CivilDate
    ) {
        (self.title, self.head) = (title, head)
        weeks = month.weeks.compactMap { days in
            guard let first = days.first, let week = WeekID(of: first) else { return nil }
            return Week(
                label: "\(week.week)", path: "\(base)week=\(week)\(suffix)",
                days: days.compactMap { date in
                    layouts[date].map { Day($0, isToday: date == today, isOutside: !month.contains(date)) }
                })
        }
    }

    static let template =
        ScheduleHead.template + "\n" + """
            <table class="month" role="table" aria-label="{{.title}}">
            <thead role="rowgroup"><tr role="row">
            <th scope="col" role="columnheader" class="week-number"><span class="sr">Week</span></th>
            <th scope="col" role="columnheader"><abbr title="Monday">Mon</abbr></th>
            <th scope="col" role="columnheader"><abbr title="Tuesday">Tue</abbr></th>
            <th scope="col" role="columnheader"><abbr title="Wednesday">Wed</abbr></th>
            <th scope="col" role="columnheader"><abbr title="Thursday">Thu</abbr></th>
            <th scope="col" role="columnheader"><abbr title="Friday">Fri</abbr></th>
            <th scope="col" role="columnheader"><abbr title="Saturday">Sat</abbr></th>
            <th scope="col" role="columnheader"><abbr title="Sunday">Sun</abbr></th>
            </tr></thead>
            <tbody role="rowgroup">
            {{#.weeks}}
            <tr role="row">
            <th scope="row" role="rowheader" class="week-number"><a href="{{.path}}"><span class="sr">Week </span>{{.label}}</a></th>
            {{#.days}}
            <td role="cell" class="{{#.isToday}}today{{/.isToday}}{{#.isOutside}} outside{{/.isOutside}}\
            {{#.isUnknown}} unknown{{/.isUnknown}}">
            <p class="number"><time datetime="{{.machineDate}}"><span aria-hidden="true">{{.number}}</span>\
            <span class="sr">{{.full}}</span></time>{{#.isToday}}<span class="sr"> (today)</span>{{/.isToday}}</p>
            <svg class="strip" viewBox="0 0 288 6" preserveAspectRatio="none" aria-hidden="true">\
            {{#.strips}}<rect class="{{.kind}}" x="{{.x}}" y="0" width="{{.width}}" height="6"/>{{/.strips}}</svg>
            {{#.note}}<p class="day-note">{{.}}</p>{{/.note}}
            {{#.isUnknown}}<p class="entry-note">Not known</p>{{/.isUnknown}}
            {{#.isFree}}<p class="entry-note free">Free</p>{{/.isFree}}
            <ul class="entries">
            {{#.entries}}<li class="entry {{.kind}} hue-{{.hue}}">{{#.time}}<span class="when">{{.}}</span> {{/.time}}{{.text}}</li>
            {{/.entries}}
            {{#.more}}<li class="more">{{.}}</li>{{/.more}}
            </ul>
            </td>
            {{/.days}}
            </tr>
            {{/.weeks}}
            </tbody>
            </table>
            """ + "\n" + ScheduleHead.legendTemplate
}

extension MonthPage.Day {
    fileprivate init(_ layout: DayLayout, isToday: Bool, isOutside: Bool) {
        let frame = layout.frame
        (number, full, machineDate) = (frame.date.day, CivilWords.fullDay(frame.date), frame.date.description)
        (self.isToday, self.isOutside, note) = (isToday, isOutside, frame.note)
        let known = layout.blocks.filter { $0.item.kind != .unknown }
        isUnknown = known.count < layout.blocks.count
        isFree = layout.allDay.isEmpty && layout.blocks.isEmpty
        strips =
            layout.allDay.filter { $0.kind != .free }.map { MonthPage.Strip(x: 0, width: 288, kind: $0.kind.rawValue) }
            + known.filter { $0.item.kind != .free }.map { block in
                MonthPage.Strip(
                    x: block.from / 5, width: max(1, (block.to + 4) / 5 - block.from / 5),
                    kind: block.item.kind.rawValue)
            }
        let all =
            layout.allDay.map { MonthPage.Entry(kind: $0.kind.rawValue, text: $0.label, hue: $0.hueName, time: nil) }
            + known.map { block in
                MonthPage.Entry(
                    kind: block.item.kind.rawValue, text: block.item.label, hue: block.item.hueName, time: block.begins)
            }
        let shown = all.count > 3 ? 2 : 3
        entries = Array(all.prefix(shown))
        more = all.count > shown ? "\(all.count - shown) more" : nil
    }
}
