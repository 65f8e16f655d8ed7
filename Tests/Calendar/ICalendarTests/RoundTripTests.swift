import Foundation
import ICalendar
import Testing

@Suite("Writing and reading again")
struct RoundTripTests {
    @Test("any document that can be made is written, and reads again as equal")
    func random() throws {
        var random = RandomDocument(seed: 11)
        let rounds = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 500 : 50_000
        for _ in 0..<rounds {
            let calendar = random.calendar()
            let text = calendar.icalendarText
            #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 75 })
            let again = try ICalendarDocument(reading: text)
            #expect(again.calendars == [calendar] && again.calendars[0].icalendarText == text)
        }
    }

    @Test("a difference is seen")
    func control() {
        let one = Component("VEVENT", properties: [Property("X", "v", parameters: [.init("A", ["1", "2"])])])
        for other in [
            Property("X", "v", parameters: [.init("A", ["1,2"])]),
            Property("X", "V", parameters: [.init("A", ["1", "2"])]),
            Property("X", "v", parameters: [.init("B", ["1", "2"])]),
            Property("Y", "v", parameters: [.init("A", ["1", "2"])]),
        ] { #expect(one != Component("VEVENT", properties: [other])) }
        #expect(one == Component("vevent", properties: [Property("x", "v", parameters: [.init("a", ["1", "2"])])]))
    }

    @Test(
        "text and names cannot become lines of their own",
        arguments: ["BEGIN", "end", "BE\r\nGIN", "", "\u{0}", ":", "É"])
    func names(name: String) throws {
        let made = Component("VCALENDAR", properties: [Property(name, "VEVENT"), Property("X", "a\r\nBEGIN:VEVENT")])
        let read = try ICalendarDocument(reading: made.icalendarText)
        #expect(read.calendars == [made] && read.calendars[0].properties.count == 2)
    }

    @Test("a value or a parameter that is changed changes nothing else")
    func editing() {
        var property = Property("x-Name", "v", parameters: [.init("Role", ["a;b", "\"c\""])])
        property.value = "w"
        #expect(property.spelling == "x-Name" && property.parameters.map(\.values) == [["a;b", "\"c\""]])
        property.parameters.append(.init("CN", ["é^"]))
        #expect(property.value == "w" && property.parameter("cn") == "é^" && property.parameter("ROLE") == "a;b")
    }

    @Test("the streaming writer gives the same bytes")
    func streaming() {
        var random = RandomDocument(seed: 5)
        for _ in 0..<50 {
            var frame = random.calendar()
            let whole = frame.icalendarText
            let children = frame.components
            frame.components = []
            var writer = ICalendarWriter()
            var bytes: [UInt8] = []
            writer.begin(frame)
            for child in children {
                writer.write(child)
                bytes += writer.takeBytes()
            }
            writer.end(frame)
            #expect(String(decoding: bytes + writer.takeBytes(), as: UTF8.self) == whole)
        }
    }
}

/// Documents of every form that the types allow, hostile text included.
struct RandomDocument {
    private var random: SplitMix
    private static let pieces = [
        "a", "Z", "9", "-", " ", "\t", ",", ";", ":", "\"", "\\", "^", "n", "'", "=", "é", "🏔", "\u{0301}", "\u{85}",
        "\u{2028}",
        "\n", "\r", "\r\n", "\u{0}", "\u{7f}", "BEGIN:VEVENT", "mailto:", String(repeating: "long ", count: 30),
    ]
    private static let names = [
        "SUMMARY", "DTSTART", "X-Own", "attendee", "ORGANIZER", "RRULE", "BEGIN", "x_y", "LOCATION", "EXDATE", "1",
    ]

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    mutating func calendar() -> Component { component("VCALENDAR", depth: 1) }

    private mutating func component(_ name: String, depth: Int) -> Component {
        var component = Component(name, properties: (0..<number(6)).map { _ in property() })
        if depth < 8 {
            component.components = (0..<number(3)).map { _ in
                self.component(["X-A", "x-b", "OTHER"][number(3)], depth: depth + 1)
            }
        }
        return component
    }

    private mutating func property() -> Property {
        let name = Self.names[number(Self.names.count)]
        if number(2) == 0 { return Property(name, text: text()) }
        let parameters = (0..<number(3)).map { _ in
            Property.Parameter(["CN", "x-p", "TZID"][number(3)], (0..<number(3)).map { _ in text() })
        }
        return Property(name, text(), parameters: parameters)
    }

    private mutating func text() -> String {
        (0..<number(8)).map { _ in Self.pieces[number(Self.pieces.count)] }.joined()
    }

    private mutating func number(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
}
