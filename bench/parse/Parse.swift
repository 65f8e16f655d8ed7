// bench-parse: parses a calendar file as bench/peers/ics_parse.c does, in a process of its own, so that its memory can be
// measured. Arguments: file, rounds, `tree`, `stream` or `events`. Prints `parse MB/s checksum` and `memory kB checksum`.
import CivilTime
import Glibc
import ICalendar

@main
struct Parse {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let rounds = Int(arguments[2]), rounds > 0, let bytes = contents(arguments[1])
        else {
            exit(2)
        }
        var seconds: [Double] = []
        var checksum: UInt64 = 0
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            switch arguments[3] {
            case "tree":
                let document = try ICalendarDocument(reading: bytes)
                seconds.append(since(start))
                checksum = document.calendars.reduce(0) { $0 + weight($1) }
            case "stream":
                checksum = try stream(bytes)
                seconds.append(since(start))
            default:
                let document = try ICalendarDocument(reading: bytes)
                checksum = UInt64(document.series(zones: .system).count)
                seconds.append(since(start))
            }
        }
        print("parse", Double(bytes.count) / 1e6 / seconds.sorted()[rounds / 2], checksum)
        print("memory", peakMemory(), checksum)
    }

    /// In kB. What getrusage tells holds the peak of the process that started this one, from before the exec.
    private static func peakMemory() -> Int {
        let lines = String(decoding: contents("/proc/self/status") ?? [], as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("VmHWM:") } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }

    private static func since(_ start: ContinuousClock.Instant) -> Double { start.duration(to: .now) / .seconds(1) }

    /// Weighs every component as it comes and lets it go.
    private static func stream(_ bytes: [UInt8]) throws -> UInt64 {
        var (stream, sum) = (ICalendarStream(), UInt64(0))
        func take(_ items: [ICalendarStream.Item]) {
            for item in items {
                switch item {
                case .component(let component), .calendar(let component): sum += weight(component)
                }
            }
        }
        for start in Swift.stride(from: 0, to: bytes.count, by: 1 << 16) {
            take(try stream.read(Array(bytes[start..<min(start + 1 << 16, bytes.count)])))
        }
        take(try stream.finish())
        return sum
    }

    /// Counts components, properties and parameters, each with a weight of its own.
    private static func weight(_ component: Component) -> UInt64 {
        component.components.reduce(1) { $0 + weight($1) }
            + component.properties.reduce(0) {
                $0 + 1_000 + UInt64($1.parameters.count { $0.name != "VALUE" }) * 1_000_000
            }
    }

    private static func contents(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        // Files of /proc say that they are empty.
        let size = max(ftell(file), 1 << 13)
        rewind(file)
        return [UInt8](unsafeUninitializedCapacity: size) { $1 = fread($0.baseAddress, 1, size, file) }
    }
}
