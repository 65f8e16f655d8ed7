import CivilTime
import Foundation
import Testing

/// Changes of the offset as `zdump` prints them for the installed database.
struct Zdump {
    struct Change: Hashable { let at: Int64, before: Int32, after: Int32 }

    static let folder = "/usr/share/zoneinfo"

    /// Every zone and every other name of one; not the copies for other clocks.
    static func names() throws -> [String] {
        let all = try #require(FileManager.default.enumerator(atPath: folder)?.allObjects as? [String])
        return all.filter { name in
            guard !name.hasPrefix("posix/"), !name.hasPrefix("right/"), !name.contains(".") else { return false }
            guard let file = FileHandle(forReadingAtPath: folder + "/" + name) else { return false }
            defer { try? file.close() }
            return (try? file.read(upToCount: 4)) == Data("TZif".utf8)
        }.filter { !["localtime", "posixrules", "Factory"].contains($0) }.sorted()
    }

    /// Changes from 2000 to the end of 2040, by name.
    static func changes(of names: [String]) throws -> [String: [Change]] {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("zdump-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zdump")
        process.arguments = ["-V", "-c", "2000,2041"] + names
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        var found: [String: [Change]] = [:]
        var before: Int32 = 0
        // `Europe/Paris  Sun Mar 26 00:59:59 2000 UT = Sun Mar 26 01:59:59 2000 CET isdst=0 gmtoff=3600`, before and after.
        for (index, line) in try String(contentsOf: output, encoding: .utf8).split(separator: "\n").enumerated() {
            let words = line.split(separator: " ")
            let offset = try #require(words.last?.split(separator: "=").last.flatMap { Int32($0) }, "\(line)")
            if index.isMultiple(of: 2) {
                before = offset
            } else if before != offset {
                found[String(words[0]), default: []].append(
                    Change(at: try instant(words[2...5]), before: before, after: offset))
            }
        }
        return found
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Mar 26 01:00:00 2000`.
    private static func instant(_ words: ArraySlice<Substring>) throws -> Int64 {
        let words = Array(words)
        let month = try #require(months.firstIndex(of: String(words[0])))
        let clock = words[2].split(separator: ":").compactMap { Int($0) }
        let date = try #require(CivilDate(year: Int(words[3]) ?? 0, month: month + 1, day: Int(words[1]) ?? 0))
        let time = try #require(CivilDateTime(date: date, hour: clock[0], minute: clock[1], second: clock[2]))
        return time.wallSeconds
    }
}

@Suite("Zones beside zdump")
struct ZdumpTests {
    @Test("every zone and every transition from 2000 to 2040 equals that of the installed database")
    func transitions() throws {
        let names = try Zdump.names()
        #expect(names.count > 500)
        let expected = try Zdump.changes(of: names)
        let from = Instant(seconds: 946_684_800)
        let to = Instant(seconds: 2_240_611_200)
        var (count, wrong) = (0, [String]())
        for name in names {
            guard let zone = ZoneDatabase.system.zone(ZoneID(name)) else {
                wrong.append("\(name) is not read")
                continue
            }
            var own: [Zdump.Change] = []
            var instant = Instant(seconds: from.seconds - 1)
            while let next = zone.nextTransition(after: instant, before: to) {
                let before = zone.offset(at: Instant(seconds: next.seconds - 1))
                own.append(.init(at: next.seconds, before: before, after: zone.offset(at: next)))
                instant = next
            }
            count += own.count
            if own != expected[name] ?? [] { wrong.append(name) }
        }
        print("zdump: \(names.count) zones, \(count) transitions, \(wrong.count) differ")
        #expect(wrong.isEmpty, "\(wrong.joined(separator: " "))")
        #expect(count > 10_000)
    }

    @Test("Vancouver stays on summer time from 2026 on")
    func vancouver() throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID("America/Vancouver")))
        #expect(zone.offset(at: Instant(seconds: 1_800_000_000)) == -25_200)  // 15 January 2027
    }

    /// Zones whose clocks change in odd ways: gap, fold, the year after the tables end.
    @Test(
        "every wall time near a transition goes to an instant that shows it, or lies in a gap",
        arguments: [
            "America/Denver", "Europe/Dublin", "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Casablanca",
            "Pacific/Apia", "America/Sao_Paulo", "America/St_Johns", "Asia/Gaza", "America/Nuuk", "Pacific/Kwajalein",
        ])
    func walls(name: String) throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID(name)))
        var instant = Instant(seconds: 0)
        var seen = 0
        while let next = zone.nextTransition(after: instant, before: Instant(seconds: 6_000_000_000)) {
            (instant, seen) = (next, seen + 1)
            let (before, after) = (zone.offset(at: Instant(seconds: next.seconds - 1)), zone.offset(at: next))
            for step in stride(from: -100_000 as Int64, through: 100_000, by: 900) {
                let time = try #require(CivilDateTime(wallSeconds: next.seconds + Int64(max(before, after)) + step))
                let fits = [before, after].map { Instant(seconds: time.wallSeconds - Int64($0)) }
                    .filter { zone.civil(at: $0) == time }.sorted()
                switch zone.resolve(time) {
                case .unique(let only): #expect(fits == [only] && zone.instant(of: time) == only)
                case .fold(let earlier, let later):
                    #expect(fits == [earlier, later] && zone.instant(of: time) == earlier)
                case .gap(let offset):
                    #expect(fits.isEmpty && offset == before)
                    #expect(zone.instant(of: time).seconds == time.wallSeconds - Int64(before))
                }
            }
        }
        #expect(seen > 0)
    }
}
