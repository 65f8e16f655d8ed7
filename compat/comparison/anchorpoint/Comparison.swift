// comparison BEGIN END FILE…: the starts of the events of each file in the window, by this project's engines.
import CivilTime
import Glibc
import ICalendar

@main
struct Comparison {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 3, let begin = instant(arguments[1]), let end = instant(arguments[2]),
            let window = Period(from: begin, to: end)
        else { exit(64) }
        for path in arguments.dropFirst(3) {
            guard let bytes = contents(path) else { exit(66) }
            var starts: [String] = []
            for result in try ICalendarDocument(reading: bytes).series(zones: .system) {
                guard case .series(let series) = result else { exit(65) }
                let expansion = series.occurrences(in: window, zone: .utc, zones: .system)
                starts += expansion.occurrences.map { text($0.span) }
            }
            print(path, starts.joined(separator: " "), separator: "\t")
        }
    }

    private static func instant(_ text: String) -> Instant? {
        guard let date = CivilDate(compact: text.prefix(8)),
            let time = CivilDateTime(date: date, compact: text.dropFirst(9).prefix(6))
        else { return nil }
        return Zone.utc.instant(of: time)
    }

    private static func text(_ span: OccurrenceSpan) -> String {
        switch span {
        case .dates(let date, _): compact(date.description)
        case .instants(let start, _): compact(start.description)
        }
    }

    /// `20310405T090000Z` for `2031-04-05T09:00:00Z`.
    private static func compact(_ text: String) -> String { text.filter { $0 != "-" && $0 != ":" } }

    private static func contents(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        return [UInt8](unsafeUninitializedCapacity: 1 << 20) { $1 = fread($0.baseAddress, 1, 1 << 20, file) }
    }
}
