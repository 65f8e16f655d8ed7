import Accounts
import CivilTime

/// Reads a week or a month and lays it out.
struct ScheduleView: Sendable {
    let picture: PersonPicture
    let zone: Zone
    let now: Instant
    let audience: ScheduleReader.Audience
    let reader: ScheduleReader

    var today: CivilDate { zone.civil(at: now).date }
    private var base: String { PagePath.person(picture.account.id) + "/schedule?" }
    private var suffix: String { audience == .others ? "&view=others" : "" }

    func week(_ week: WeekID) async throws -> WeekPage {
        let frames = week.days.compactMap { DayFrame($0, in: zone) }
        let (items, doubts) = try await reader.occupied(picture, days: frames, audience: audience)
        let heading = "Week \(week.week), \(Self.range(week))"
        let head = ScheduleHead(
            picture, heading: heading, own: "week=\(week)",
            previous: week.moved(byWeeks: -1).map { .init(label: "Previous week", path: "week=\($0)") },
            next: week.moved(byWeeks: 1).map { .init(label: "Next week", path: "week=\($0)") },
            otherSpan: .init(label: "Month", path: "month=\(month(of: week))"),
            audience: audience, span: span(frames), zone: zone, doubts: doubts, now: now)
        return WeekPage(
            title: heading, head: head, layouts: frames.map { DayLayout($0, items + shown(doubts)) }, now: now,
            zone: zone)
    }

    func month(_ month: MonthID) async throws -> MonthPage {
        let frames = month.weeks.flatMap { $0 }.compactMap { DayFrame($0, in: zone) }
        let (items, doubts) = try await reader.occupied(picture, days: frames, audience: audience)
        let heading = CivilWords.month(of: month.first)
        let week = month.contains(today) ? WeekID(of: today) : WeekID(of: month.first)
        let head = ScheduleHead(
            picture, heading: heading, own: "month=\(month)",
            previous: month.previous.map { .init(label: "Previous month", path: "month=\($0)") },
            next: month.next.map { .init(label: "Next month", path: "month=\($0)") },
            otherSpan: .init(label: "Week", path: week.map { "week=\($0)" } ?? "week=now"),
            audience: audience, span: span(frames), zone: zone, doubts: doubts, now: now)
        let layouts = Dictionary(
            frames.map { ($0.date, DayLayout($0, items + shown(doubts))) }
        ) { first, _ in first }
        return MonthPage(
            title: heading, head: head, month: month, layouts: layouts, base: base, suffix: suffix, today: today)
    }

    private func span(_ frames: [DayFrame]) -> (first: DayFrame, last: DayFrame)? {
        guard let first = frames.first, let last = frames.last else { return nil }
        return (first, last)
    }

    /// Doubts as they are drawn: joined into one, and for others without the calendar's name.
    private func shown(_ doubts: [Occupied]) -> [Occupied] {
        MergedBusy.merge(doubts, days: []).map { merged in
            var item = Occupied(span: merged.span, kind: .unknown)
            item.title = "Not known"
            return item
        }
    }

    private func month(of week: WeekID) -> String {
        // The month that most of the week is in; its Thursday decides, as with years.
        let thursday = week.monday.adding(days: 3) ?? week.monday
        let day = week.days.contains(today) ? today : thursday
        return MonthID(of: day)?.description ?? "now"
    }

    /// `31 March – 6 April 2031`.
    private static func range(_ week: WeekID) -> String {
        guard let last = week.days.last else { return CivilWords.day(week.monday) }
        let first = week.monday
        if first.year != last.year { return CivilWords.day(first) + " – " + CivilWords.day(last) }
        if first.month != last.month {
            return "\(first.day) \(CivilWords.month(first.month)) – " + CivilWords.day(last)
        }
        return "\(first.day) – " + CivilWords.day(last)
    }
}
