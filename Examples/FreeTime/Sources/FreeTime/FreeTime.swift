// FreeTime FILE ZONE DAY MINUTES: prints when somebody whose calendar is in FILE has MINUTES free between 08:00 and 18:00
// of DAY in ZONE, at every half hour.
import Availability
import CivilTime
import Glibc
import ICalendar

@main
struct FreeTime {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let minutes = Int64(arguments[4]), let bytes = contents(arguments[1]),
            let zone = ZoneDatabase.system.resolve(name: arguments[2]), let day = CivilDate(extended: arguments[3]),
            let open = opening(day, zone)
        else {
            print("usage: FreeTime FILE.ics Europe/Paris 2031-04-07 60")
            exit(2)
        }
        let document = try ICalendarDocument(reading: bytes)
        let (series, diagnostics) = document.reading(zones: .system)
        for diagnostic in document.diagnostics + diagnostics { print("note: \(diagnostic)") }

        let busy = BusyIntervals(series.flatMap { pieces(of: $0, in: open, zone) })
        var query = AvailabilityQuery(
            members: [.init(busy: busy)], groups: [.init(required: .all, members: [0])], duration: minutes * 60,
            windows: .periods([open]), format: .overlappingSlots)
        query.startInterval = 1800
        for entry in try AvailabilityEngine(query).answer().entries {
            print("\(zone.civil(at: entry.period.start)) to \(zone.civil(at: entry.period.end))")
        }
    }

    /// From 08:00 to 18:00 on the wall, whatever the clocks do that day.
    private static func opening(_ day: CivilDate, _ zone: Zone) -> Period? {
        guard let first = CivilDateTime(date: day, hour: 8, minute: 0, second: 0),
            let last = CivilDateTime(date: day, hour: 18, minute: 0, second: 0)
        else { return nil }
        return Period(from: zone.instant(of: first), to: zone.instant(of: last))
    }

    /// When one series takes time. What could not be read takes all of it: doubt means busy.
    private static func pieces(of result: SeriesResult, in window: Period, _ zone: Zone) -> [BusyIntervals.Piece] {
        guard case .series(let series) = result else {
            return [.init(start: window.start.seconds, end: window.end.seconds)]
        }
        let expansion = series.occurrences(in: window, zone: zone, zones: .system)
        guard !expansion.isIncomplete else { return [.init(start: window.start.seconds, end: window.end.seconds)] }
        return expansion.occurrences.compactMap { occurrence in
            guard !occurrence.isCancelled, weight(of: occurrence, in: series) != .transparent else { return nil }
            switch occurrence.span {
            case .instants(let start, let end): return .init(start: start.seconds, end: end.seconds)
            case .dates(let first, let end):
                return .init(
                    start: zone.instant(of: first.midnight).seconds, end: zone.instant(of: end.midnight).seconds)
            }
        }
    }

    private static func weight(of occurrence: Occurrence, in series: EventSeries) -> Transparency {
        switch occurrence.component {
        case .master: series.master?.transparency ?? .opaque
        case .override(let index): series.overrides[index].transparency
        }
    }

    private static func contents(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }
}
