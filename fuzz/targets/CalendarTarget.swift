import CivilTime
import ICalendar

/// Reading: what was read is written and reads again as equal; a stream in pieces gives the same as the whole; events are
/// read out of it.
public enum CalendarTarget: FuzzTarget {
    public static let name = "ics"

    public static func check(_ bytes: [UInt8]) throws(FuzzFinding) {
        guard let document = read(bytes) else { return }
        guard let again = read(Array(document.icalendarText.utf8)) else {
            throw FuzzFinding("what was written is refused")
        }
        guard again.calendars == document.calendars else { throw FuzzFinding("what was written reads otherwise") }
        guard !again.isTruncated else { throw FuzzFinding("what was written is cut off") }
        guard stream(bytes) == document.calendars.map(\.components.count) else {
            throw FuzzFinding("the stream gives other components")
        }
        for result in document.series(zones: .system) {
            guard case .series(let series) = result else { continue }
            guard series.contentHash.count == 16 else { throw FuzzFinding("no hash") }
        }
    }

    private static func read(_ bytes: [UInt8]) -> ICalendarDocument? {
        do { return try ICalendarDocument(reading: bytes) } catch { return nil }
    }

    /// How many components each calendar has, read in pieces whose size comes from the bytes themselves.
    private static func stream(_ bytes: [UInt8]) -> [Int]? {
        var stream = ICalendarStream()
        var (counts, count) = ([Int](), 0)
        func take(_ items: [ICalendarStream.Item]) {
            for item in items {
                if case .calendar = item { (counts, count) = (counts + [count], 0) } else { count += 1 }
            }
        }
        do {
            let size = 1 + bytes.prefix(16).reduce(0) { $0 + Int($1) }
            for start in Swift.stride(from: 0, to: bytes.count, by: size) {
                take(try stream.read(Array(bytes[start..<min(start + size, bytes.count)])))
            }
            take(try stream.finish())
            return counts
        } catch { return nil }
    }
}
