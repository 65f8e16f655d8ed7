internal import CivilTime
internal import ICalendar
public import ProviderKit

/// Reads only UIDs: enough to see which events a connector brings, and which of them are damaged.
public enum TestReader {
    public static let reader = ItemReader { text in
        guard text.contains("END:VCALENDAR") else { return .unreadable(reason: "ends in the middle") }
        guard text.contains("BEGIN:VEVENT") else { return .irrelevant }
        let lines = text.split(whereSeparator: \.isNewline)
        let starts = lines.filter { $0.hasPrefix("DTSTART") }
        guard let uid = lines.first(where: { $0.hasPrefix("UID:") })?.dropFirst(4),
            starts.allSatisfy({ $0.split(separator: ":").last?.count ?? 0 >= 8 }),
            let start = CivilDate(dayNumber: 20_000)
        else { return .unreadable(reason: "has a VEVENT without UID or start") }
        let event = CalendarEvent(uid: String(uid), start: .allDay(start), end: .allDay(start))
        let overrides = lines.count { $0.hasPrefix("RECURRENCE-ID") }
        return .events(
            EventSeries(uid: String(uid), master: event, overrides: Array(repeating: event, count: overrides)), text: text)
    }
}
