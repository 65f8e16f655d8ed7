import CivilTime
import ICalendar

/// A VTIMEZONE whose name nobody knows: the body is the input.
public enum TimeZoneTarget: FuzzTarget {
    public static let name = "vtimezone"

    public static func check(_ bytes: [UInt8]) throws(FuzzFinding) {
        let head = Array("BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Nowhere\r\n".utf8)
        let tail = Array("\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n".utf8)
        let document: ICalendarDocument
        do { document = try ICalendarDocument(reading: head + bytes + tail) } catch { return }
        for calendar in document.calendars {
            guard let zone = ZoneResolver(zones: .system, calendar: calendar).zone("Nowhere") else { continue }
            try ZoneChecks.check(zone, onlyChanges: true)
        }
    }
}

/// What holds of every zone, however it was made.
enum ZoneChecks {
    /// - Parameter onlyChanges: every transition changes the offset; in TZif some change only the zone's abbreviation.
    static func check(_ zone: Zone, onlyChanges: Bool) throws(FuzzFinding) {
        var last = Instant(seconds: -4_000_000_000)
        let end = Instant(seconds: 5_000_000_000)
        for _ in 0..<200 {
            guard let next = zone.nextTransition(after: last, before: end) else { break }
            guard next > last else { throw FuzzFinding("transitions do not ascend") }
            let isChange = zone.offset(at: next) != zone.offset(at: Instant(seconds: next.seconds - 1))
            guard isChange || !onlyChanges else {
                throw FuzzFinding("a transition changes nothing")
            }
            last = next
        }
        for seconds in stride(from: -5_000_000_000, through: 10_000_000_000, by: 777_777_777) as StrideThrough<Int64> {
            let instant = Instant(seconds: seconds)
            let wall = zone.civil(at: instant)
            guard wall.wallSeconds == seconds + Int64(zone.offset(at: instant)) else {
                throw FuzzFinding("the wall does not show the offset")
            }
            _ = zone.instant(of: wall)
        }
    }
}
