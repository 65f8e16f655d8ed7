// The door for libFuzzer, which is not part of the package: Scripts/fuzz compiles it with the targets. Each input has a
// clock and an account of memory of its own; what fails ends the process, and libFuzzer keeps the input.
import FuzzTargets
import Glibc

private let target = getenv("FUZZ_TARGET").flatMap { FuzzTargets.named(String(cString: $0)) } ?? ControlTarget.self
private let mostSeconds = 0.05
private let mostMemory = 64 << 20

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let (memory, peak, start) = (resident(), peakResident(), processorTime())
    do { try target.check(bytes) } catch { fail("\(error)") }
    let seconds = processorTime() - start
    // The first inputs read zones and fill caches.
    if seconds > mostSeconds, isWarm() { fail("took \(Int(seconds * 1000)) ms") }
    let now = peakResident()
    if now > peak, now - memory > mostMemory { fail("took \((now - memory) >> 20) MB") }
    return 0
}

nonisolated(unsafe) private var count = 0

/// libFuzzer calls from one thread.
private func isWarm() -> Bool {
    count += 1
    return count > 3
}

private func fail(_ reason: String) -> Never {
    let line = Array("FINDING: \(target.name): \(reason)\n".utf8)
    write(2, line, line.count)
    abort()
}

/// CPU time of this thread: other programs do not count.
private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private func peakResident() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
}

private func resident() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    fgets(&line, 128, file)
    let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
        separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) << 12 : 0
}
