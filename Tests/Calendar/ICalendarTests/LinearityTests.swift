import CivilTime
import Foundation
import Glibc
import ICalendar
import Testing

@Suite("Work grows with size", .serialized)
struct LinearityTests {
    /// Shapes that have made other readers quadratic; each text is about `size` bytes.
    static let shapes: [(String, @Sendable (Int) -> String)] = [
        (
            "events",
            { size in calendar(String(repeating: event("DTSTART:20310405\nSUMMARY:x") + "\n", count: size / 60)) }
        ),
        ("one line of folds", { size in calendar("X:" + String(repeating: "\n ab", count: size / 4)) }),
        ("BEGIN without END", { size in calendar(String(repeating: "BEGIN:VEVENT\n", count: size / 13)) }),
        ("END without BEGIN", { size in calendar(String(repeating: "END:VEVENT\n", count: size / 11)) }),
        ("nesting", { size in calendar(String(repeating: "BEGIN:X\n", count: size / 8)) }),
        ("lines without colon", { size in calendar(String(repeating: "ABCDEFGH\n", count: size / 9)) }),
        ("quotes that do not close", { size in calendar(String(repeating: "A;B=\"c:d\n", count: size / 9)) }),
        ("one line of quotes", { size in calendar("A;B=" + String(repeating: "\"", count: size)) }),
        ("one line of mailto", { size in calendar("ATTENDEE;A=b:" + String(repeating: ":mailto", count: size / 7)) }),
        ("lone CRs", { size in calendar(String(repeating: "A:b\r", count: size / 4)) }),
        ("control characters", { size in calendar(String(repeating: "A:\u{0}\n", count: size / 4)) }),
        (
            "overrides of one event",
            { size in
                calendar(
                    (0..<size / 80).map { event("RECURRENCE-ID:2031\(100 + $0 % 800)T000000Z\nDTSTART:20310405") }
                        .joined(separator: "\n"))
            }
        ),
        (
            "overrides, each of its own instance",
            { size in
                let days = (0..<size / 90).map {
                    CivilDate(dayNumber: Int32(10_000 + $0))?.description.filter { $0 != "-" }
                }
                return calendar(
                    days.map { event("RECURRENCE-ID:\($0 ?? "")T000000Z\nDTSTART:20310405") }.joined(separator: "\n"))
            }
        ),
        (
            "events with one UID",
            { size in
                calendar((0..<size / 80).map { event("DTSTART:20310405\nSUMMARY:\($0)") }.joined(separator: "\n"))
            }
        ),
        (
            "revisions of one event",
            { size in
                calendar((0..<size / 80).map { event("DTSTART:20310405\nSEQUENCE:\($0)") }.joined(separator: "\n"))
            }
        ),
        (
            "one line of RDATE",
            { size in
                calendar(
                    event(
                        "DTSTART:20310405\nRDATE:"
                            + (0..<size / 9).map { "\(20_310_401 + $0 % 28)" }.joined(separator: ",")))
            }
        ),
        (
            "lines of EXDATE",
            { size in
                calendar(event("DTSTART:20310405\n" + String(repeating: "EXDATE:20310405T000000Z\n", count: size / 24)))
            }
        ),
        (
            "one line of RRULE",
            { size in
                calendar(
                    event(
                        "DTSTART:20310405\nRRULE:FREQ=YEARLY;BYDAY=" + String(repeating: "MO,1TU,", count: size / 7)
                            + "WE"))
            }
        ),
        (
            "changes of one zone",
            { size in
                let change =
                    "BEGIN:STANDARD\nDTSTART:20310405T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\n"
                return calendar(
                    "BEGIN:VTIMEZONE\nTZID:X\n" + String(repeating: change, count: size / 96) + "END:VTIMEZONE\n"
                        + event("DTSTART;TZID=X:20310405T000000"))
            }
        ),
        (
            "zones and their events",
            { size in
                calendar(
                    (0..<size / 230).map {
                        "BEGIN:VTIMEZONE\nTZID:Z\($0)\nBEGIN:STANDARD\nDTSTART:20310405T000000\nTZOFFSETFROM:+0100\n"
                            + "TZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n"
                            + event("DTSTART;TZID=Z\($0):20310405T000000", uid: "\($0)")
                    }.joined(separator: "\n"))
            }
        ),
        (
            "nesting within limits",
            { size in
                let nested = (0..<7).map { "BEGIN:X\($0)\n" }.joined() + (0..<7).map { "END:X\(6 - $0)\n" }.joined()
                return calendar(String(repeating: nested, count: size / 126))
            }
        ),
    ]

    /// Ten times the size takes at most about ten times the work: CPU time of this thread, so that neighbours do not
    /// matter, with room for caches. Quadratic work would be a hundred times. Up to 250 kB, or 10 MB where proofs are
    /// wanted.
    @Test("tenfold size is no more than tenfold work", arguments: shapes.indices)
    func linear(index: Int) {
        let (name, make) = Self.shapes[index]
        let isProof = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] != nil
        let size = isProof ? 10_000_000 : 250_000
        let (small, large) = (Array(make(size / 10).utf8), Array(make(size).utf8))
        let (low, high) = (cost(small), cost(large, rounds: isProof ? 1 : 3))
        if isProof { print("\(name): \(large.count) bytes in \(high) s, \(high / low) times a tenth of it") }
        #expect(high / low < 30, "\(name): \(high / low)")
    }

    @Test("quadratic work would be seen")
    func control() {
        func quadratic(_ size: Int) -> Double {
            best {
                var sum = 0
                for left in 0..<size { for right in 0..<size { sum &+= left ^ right } }
                return sum
            }
        }
        #expect(quadratic(3_000) / quadratic(300) > 30)
    }

    private func cost(_ bytes: [UInt8], rounds: Int = 3) -> Double {
        best(of: rounds) {
            var limits = ReadLimits()
            limits.components = .max
            limits.line = .max
            return (try? ICalendarDocument(reading: bytes, limits: limits))?.series(zones: .system).count ?? 0
        }
    }

    /// Seconds of CPU, the least of some.
    private func best(of rounds: Int = 3, _ work: () -> Int) -> Double {
        (0..<rounds).map { _ in
            var (start, end) = (timespec(), timespec())
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
            _ = work()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
            return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
        }.min() ?? 0
    }
}
