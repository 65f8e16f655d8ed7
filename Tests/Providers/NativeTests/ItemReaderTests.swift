import CivilTime
import ICalendar
import ProviderKit
import Testing

@Suite("What a resource's text becomes")
struct ItemReaderTests {
    private let reader = ItemReader(zones: .system)

    private func calendar(_ inside: String) -> String {
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\n\(inside)END:VCALENDAR\r\n"
    }

    private func event(_ uid: String) -> String {
        "BEGIN:VEVENT\r\nUID:\(uid)\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T100000Z\r\nEND:VEVENT\r\n"
    }

    @Test("one event, with its text as received")
    func event() {
        let text = calendar(event("a"))
        guard case .events(let series, let kept) = reader.content(of: text) else {
            Issue.record("not read")
            return
        }
        #expect(series.uid == "a" && kept == text)
    }

    @Test("tasks and empty calendars take no time", arguments: ["", "BEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\n"])
    func irrelevant(inside: String) { #expect(reader.content(of: calendar(inside)) == .irrelevant) }

    @Test("what cannot be read says why")
    func unreadable() {
        let texts = [
            "", "<html>", "BEGIN:VCALENDAR\r\n", calendar(event("a") + event("b")),
            calendar(event("a").replacing("20260101T100000Z", with: "yesterday")),
        ]
        for text in texts {
            guard case .unreadable(let reason) = reader.content(of: text) else {
                Issue.record("read: \(text)")
                continue
            }
            #expect(reason.count > 5)
        }
    }
}
