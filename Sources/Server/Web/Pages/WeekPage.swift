import Accounts
import CivilTime

/// Seven days side by side, by the hour.
struct WeekPage: PageView {
    let title: String
    let head: ScheduleHead
    let days: [Day]
    /// `09:00` and the like, one for each hour shown.
    let hours: [String]
    let hourCount: Int
    let hasAllDay: Bool

    struct Day: Sendable {
        let index: Int
        let weekday, shortWeekday, date, machineDate: String
        let isToday: Bool
        let note: String?
        let allDay: [Bar]
        let blocks: [Block]
        let skipped: [Skip]
        let isFree: Bool
        /// Quarter of an hour in the grid that it is now.
        let now: Int?
    }

    struct Bar: Sendable {
        let kind, title: String
        let calendar: String?
        let hue: String
    }

    struct Block: Sendable {
        let kind, title, times: String
        let calendar: String?
        let hue: String
        let top, height, lane, lanes, span: Int
        let isSmall: Bool
    }

    struct Skip: Sendable {
        let top, height: Int
        let text: String
    }

    /// Hours that are shown even where nothing happens in them.
    private static let usualHours = 7..<21

    init(title: String, head: ScheduleHead, layouts: [DayLayout], now: Instant, zone: Zone) {
        (self.title, self.head) = (title, head)
        let shown = Self.shownHours(layouts)
        hours = shown.map { CivilWords.clock(minute: $0 * 60) }
        hourCount = shown.count
        hasAllDay = layouts.contains { !$0.allDay.isEmpty }
        days = layouts.enumerated().map { index, layout in
            Day(layout, index: index, shown: shown, now: zone.civil(at: now))
        }
    }

    /// The usual hours, and more where something happens. What is not known fills whole days and stretches nothing.
    private static func shownHours(_ layouts: [DayLayout]) -> Range<Int> {
        var (first, last) = (usualHours.lowerBound, usualHours.upperBound)
        for layout in layouts {
            for block in layout.blocks where block.item.kind != .unknown {
                (first, last) = (min(first, block.from / 60), max(last, (block.to + 59) / 60))
            }
            for skip in layout.frame.skipped where layout.frame.length > 0 {
                (first, last) = (
                    min(first, Int(skip.lowerBound / 3600)), max(last, Int((skip.upperBound + 3599) / 3600))
                )
            }
        }
        return first..<min(24, last)
    }

    static let template =
        ScheduleHead.template + "\n" + """
            <table class="week" role="table" aria-label="{{.title}}">
            <thead role="rowgroup"><tr role="row">
            <td class="corner" role="cell"></td>
            {{#.days}}
            <th scope="col" role="columnheader" class="d-{{.index}} day-head{{#.isToday}} today{{/.isToday}}">\
            <time datetime="{{.machineDate}}"><span class="weekday" aria-hidden="true">{{.shortWeekday}}</span>\
            <span class="sr">{{.weekday}} </span><span class="date">{{.date}}</span></time>\
            {{#.isToday}}<span class="sr"> (today)</span>{{/.isToday}}\
            {{#.note}}<span class="day-note">{{.}}</span>{{/.note}}</th>
            {{/.days}}
            </tr></thead>
            <tbody role="rowgroup">
            {{#.hasAllDay}}
            <tr role="row" class="all-day"><th scope="row" role="rowheader">All day</th>
            {{#.days}}
            <td role="cell" class="d-{{.index}}"><ul>
            {{#.allDay}}<li class="bar {{.kind}} hue-{{.hue}}">{{.title}}{{#.calendar}}<span class="sr">, {{.}}</span>{{/.calendar}}</li>
            {{/.allDay}}
            </ul></td>
            {{/.days}}
            </tr>
            {{/.hasAllDay}}
            <tr role="row" class="hours-row hours-{{.hourCount}}"><th scope="row" role="rowheader"><span class="sr">By the hour</span>\
            <span class="hour-labels" aria-hidden="true">{{#.hours}}<span>{{.}}</span>{{/.hours}}</span></th>
            {{#.days}}
            <td role="cell" class="d-{{.index}}{{#.isToday}} today{{/.isToday}}"><div class="column">
            {{#.skipped}}<p class="skip-block t-{{.top}} h-{{.height}}">{{.text}}</p>{{/.skipped}}
            {{#.isFree}}<p class="free-note">Free</p>{{/.isFree}}
            <ol>
            {{#.blocks}}
            <li class="block {{.kind}} hue-{{.hue}} t-{{.top}} h-{{.height}} l-{{.lane}}-{{.lanes}} \
            s-{{.span}}-{{.lanes}}{{#.isSmall}} small{{/.isSmall}}">\
            <span class="what">{{.title}}</span> <span class="when">{{.times}}</span>\
            {{#.calendar}}<span class="sr">, {{.}}</span>{{/.calendar}}</li>
            {{/.blocks}}
            </ol>
            {{#.now}}<span class="now t-{{.}}" aria-hidden="true"></span>{{/.now}}
            </div></td>
            {{/.days}}
            </tr>
            </tbody>
            </table>
            """ + "\n" + ScheduleHead.legendTemplate
}

extension WeekPage.Day {
    fileprivate init(_ layout: DayLayout, index: Int, shown: Range<Int>, now: CivilDateTime) {
        let date = layout.frame.date
        self.index = index
        (weekday, machineDate) = (CivilWords.weekday(date), date.description)
        (shortWeekday, self.date) = (String(weekday.prefix(3)), CivilWords.shortDay(date))
        isToday = now.date == date
        note = layout.frame.note
        allDay = layout.allDay.map { item in
            WeekPage.Bar(
                kind: item.kind.rawValue, title: item.label, calendar: item.calendar, hue: item.hueName)
        }
        let grid = QuarterGrid(hours: shown)
        blocks = layout.blocks.compactMap { block in
            guard let place = grid.place(from: block.from, to: block.to) else { return nil }
            return WeekPage.Block(
                kind: block.item.kind.rawValue, title: block.item.label, times: block.times,
                calendar: block.item.calendar, hue: block.item.hueName, top: place.top, height: place.height,
                lane: block.lane, lanes: block.lanes, span: block.span, isSmall: place.height < 3)
        }
        skipped = layout.frame.skipped.compactMap { skip in
            guard layout.frame.length > 0,
                let place = grid.place(from: Int(skip.lowerBound / 60), to: Int(skip.upperBound / 60))
            else { return nil }
            return WeekPage.Skip(top: place.top, height: place.height, text: "clocks skip this")
        }
        isFree = allDay.isEmpty && layout.blocks.isEmpty
        self.now = isToday ? grid.place(from: now.hour * 60 + now.minute, to: now.hour * 60 + now.minute + 1)?.top : nil
    }
}

/// The grid's lines: quarters of an hour from the first hour shown.
struct QuarterGrid: Hashable, Sendable {
    let hours: Range<Int>

    /// Minutes of the day as quarters, widened to whole ones and cut to what is shown; nil where nothing is left.
    func place(from: Int, to: Int) -> (top: Int, height: Int)? {
        let (low, high) = (hours.lowerBound * 4, hours.upperBound * 4)
        let (first, last) = (max(low, from / 15), min(high, (to + 14) / 15))
        return first < last ? (first - low, last - first) : nil
    }
}

extension Occupied {
    /// What stands on it: the title, or what kind of time it is where there is none.
    var label: String {
        guard let title, !title.isEmpty else { return kind.word }
        return kind == .tentative ? "\(title) (tentative)" : kind == .free ? "\(title) (free)" : title
    }

    var hueName: String { hue.map(String.init) ?? "none" }
}
