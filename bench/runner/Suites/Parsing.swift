import Foundation

/// Reading 10 MB of iCalendar with 20,000 events into a tree with every property and parameter, beside libical's.
struct Parsing: BenchSuite {
    static let name = "parsing"
    private static let rounds = 7

    static func run(_ context: BenchContext) async throws -> [Measurement] {
        let path = context.folder + "/parsing.ics"
        try CalendarFile.text(events: 20_000).write(toFile: path, atomically: true, encoding: .utf8)
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("bench-parse").path
        // Speed over several rounds; memory of a process that reads the file once.
        func figure(_ kind: String, _ name: String, rounds: Int) throws -> PeerFigure {
            let figures =
                kind == "peer"
                ? try context.peer("ics_parse", [path, "\(rounds)"])
                : try BenchContext.figures(of: program, [path, "\(rounds)", kind])
            guard let figure = figures.first(where: { $0.name == name }) else { throw BenchError("no figure \(name)") }
            return figure
        }
        let peerSpeed = try figure("peer", "parse", rounds: rounds)
        let peerMemory = try figure("peer", "memory", rounds: 1)
        var found: [Measurement] = []
        for (kind, what) in [("tree", "parse to a tree"), ("stream", "parse as a stream")] {
            let speed = try figure(kind, "parse", rounds: rounds)
            let memory = try figure(kind, "memory", rounds: 1)
            found.append(
                Measurement(
                    name: "\(what), 10 MB", value: speed.value, unit: "MB/s", better: .more, peer: "libical",
                    peerValue: try peerSpeed.value(expecting: speed.checksum)))
            found.append(
                Measurement(
                    name: "\(what), peak memory", value: memory.value / 1024, unit: "MB", better: .less,
                    peer: "libical", peerValue: peerMemory.value / 1024))
        }
        let events = try figure("events", "parse", rounds: rounds)
        found.append(
            Measurement(
                name: "parse to events with their zones, 10 MB", value: events.value, unit: "MB/s", better: .more,
                peer: "libical", peerValue: peerSpeed.value))
        return found
    }
}

/// A calendar as a booking system exports it.
enum CalendarFile {
    static func text(events: Int) -> String {
        let head = """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//Anchorpoint//Bench//EN
            BEGIN:VTIMEZONE
            TZID:Europe/Paris
            BEGIN:STANDARD
            DTSTART:19701025T030000
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:19700329T020000
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
            END:DAYLIGHT
            END:VTIMEZONE

            """
        let body = (0..<events).map(event).joined()
        return (head + body + "END:VCALENDAR\n").split(separator: "\n").joined(separator: "\r\n") + "\r\n"
    }

    private static func event(_ number: Int) -> String {
        let day = String(format: "2031%02d%02d", 1 + number % 12, 1 + number % 28)
        let rule = number % 5 == 0 ? "RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO,WE\n" : ""
        return """
            BEGIN:VEVENT
            UID:event-\(number)@bench.example.com
            DTSTAMP:20300101T000000Z
            DTSTART;TZID=Europe/Paris:\(day)T090000
            DTEND;TZID=Europe/Paris:\(day)T100000
            SUMMARY:Guided tour number \(number)
            DESCRIPTION:Meet at the trailhead\\, bring water and a warm layer. The grou
             p leaves on time and comes back before dark\\; call the office if late.
            LOCATION:North gate
            STATUS:CONFIRMED
            TRANSP:OPAQUE
            SEQUENCE:2
            ORGANIZER;CN=Office:mailto:office@example.com
            ATTENDEE;CN="Guide \(number % 97)";PARTSTAT=ACCEPTED:mailto:guide\(number % 97)@example.com
            \(rule)END:VEVENT

            """
    }
}
