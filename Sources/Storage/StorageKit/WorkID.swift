import Glibc

/// Ids that grow with time on one machine and do not meet between machines: microseconds, then ten random bits.
public enum WorkID {
    public static func next() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let micros = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000  // Fits for 290 000 years.
        return (micros & 0x1f_ffff_ffff_ffff) << 10 | Int64.random(in: 0..<1024)
    }
}
