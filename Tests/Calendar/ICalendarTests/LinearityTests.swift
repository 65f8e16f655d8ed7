import CivilTime
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
    ]

    /// Ten times the size takes at most about ten times the work: CPU time of this thread, so that neighbours do not
    /// matter, with room for caches. Quadratic work would be a hundred times.
    @Test("tenfold size is no more than tenfold work", arguments: shapes.indices)
    func linear(index: Int) {
        let (name, make) = Self.shapes[index]
        let (small, large) = (Array(make(25_000).utf8), Array(make(250_000).utf8))
        let ratio = cost(large) / cost(small)
        #expect(ratio < 30, "\(name): \(ratio)")
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

    private func cost(_ bytes: [UInt8]) -> Double {
        best {
            var limits = ReadLimits()
            limits.components = .max
            limits.line = .max
            return (try? ICalendarDocument(reading: bytes, limits: limits))?.series(zones: .system).count ?? 0
        }
    }

    /// Seconds of CPU, the least of three.
    private func best(_ work: () -> Int) -> Double {
        (0..<3).map { _ in
            var (start, end) = (timespec(), timespec())
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
            _ = work()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
            return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
        }.min() ?? 0
    }
}
