import CivilTime
import Foundation
import Synchronization
import Testing

@Suite("Zones (RFC 9636, RFC 5545 §3.3.5)")
struct ZoneTests {
    @Test(
        "give the offset in force",
        arguments: [
            ("Europe/Paris", 1_924_902_000, 3600), ("Europe/Paris", 1_940_626_800, 7200),
            ("Australia/Lord_Howe", 1_925_000_000, 39_600), ("Asia/Kolkata", 0, 19_800),
            ("America/New_York", 4_102_444_800, -18_000),
            ("America/New_York", 4_118_083_200, -14_400), ("Etc/GMT+5", 0, -18_000),
        ])
    func offsets(name: String, seconds: Int64, expected: Int32) throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID(name)))
        #expect(zone.offset(at: Instant(seconds: seconds)) == expected)
    }

    @Test("read a time in a gap with the offset before it, and take the first of two in a fold")
    func gapsAndFolds() throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID("America/New_York")))
        let gap = try #require(CivilDate(year: 2007, month: 3, day: 11))
        let inGap = try #require(CivilDateTime(date: gap, hour: 2, minute: 30, second: 0))
        #expect(zone.instant(of: inGap).description == "2007-03-11T07:30:00Z")
        #expect(zone.resolve(inGap) == .gap(offsetBefore: -18_000))
        let fold = try #require(CivilDate(year: 2007, month: 11, day: 4))
        let inFold = try #require(CivilDateTime(date: fold, hour: 1, minute: 30, second: 0))
        #expect(zone.instant(of: inFold).description == "2007-11-04T05:30:00Z")
    }

    @Test(
        "are found as calendars spell them",
        arguments: [
            ("Europe/Berlin", "Europe/Berlin"), ("W. Europe Standard Time", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
            ("/mozilla.org/20050126_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
            ("tzone://Microsoft/Utc", "Etc/UTC"), ("Z", "Etc/UTC"), ("\"Europe/Paris\"", "Europe/Paris"),
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
            ("US/Eastern", "US/Eastern"), ("Central Asia Standard Time", "Asia/Bishkek"),
            ("Mountain Standard Time (Mexico)", "America/Mazatlan"),
        ])
    func spellings(name: String, expected: String) {
        #expect(ZoneDatabase.system.resolve(name: name)?.id.name == expected)
    }

    @Test(
        "are never guessed",
        arguments: [
            "", "Customized Time Zone", "tzone://Microsoft/Custom", "../../etc/passwd", "/etc/passwd", "Mars/Olympus",
            "Europe/../Europe/Paris", "posix/Europe/Paris",
        ])
    func unknown(name: String) { #expect(ZoneDatabase.system.resolve(name: name) == nil) }

    /// Files end in 2037; after that the last line of the file says the rule (RFC 9636 §3.3).
    @Test(
        "change clocks by the rule at the end of the file for as long as the calendar goes on",
        arguments: [
            ("Europe/Paris", 2500, 3, 28, 3600, 7200, 3600), ("Europe/Paris", 2500, 10, 31, 3600, 3600, 7200),
            ("America/New_York", 2500, 3, 14, 25_200, -14_400, -18_000),
            ("Australia/Sydney", 2500, 4, 3, 57_600, 36_000, 39_600), ("Asia/Tokyo", 2500, 7, 1, 0, 32_400, 32_400),
            ("Europe/Paris", 9999, 3, 28, 3600, 7200, 3600),
        ] as [(String, Int, Int, Int, Int64, Int32, Int32)])
    func farFuture(name: String, year: Int, month: Int, day: Int, second: Int64, after: Int32, before: Int32) throws {
        let zone = try #require(ZoneDatabase.system.zone(ZoneID(name)))
        let date = try #require(CivilDate(year: year, month: month, day: day))
        // Changes in the south come late on the day before in UTC.
        let change = Int64(date.dayNumber) * 86_400 + second
        #expect(zone.offset(at: Instant(seconds: change)) == after)
        #expect(zone.offset(at: Instant(seconds: change - 1)) == before)
        let later = try #require(date.adding(days: 2))
        let noon = try #require(CivilDateTime(date: later, hour: 12, minute: 0, second: 0))
        #expect(zone.instant(of: noon).seconds == noon.wallSeconds - Int64(after))
        #expect(zone.civil(at: zone.instant(of: noon)) == noon)
    }

    @Test("are read again when the database changes, at most a minute later")
    func newDatabase() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zones-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = ProcessInfo.processInfo.environment["TZDIR"] ?? "/usr/share/zoneinfo"
        func install(_ name: String, release: String) throws {
            try Data(contentsOf: URL(fileURLWithPath: "\(source)/\(name)")).write(
                to: folder.appendingPathComponent("Trip"))
            try Data("# version \(release)\n".utf8).write(
                to: folder.appendingPathComponent("tzdata.zi"), options: .atomic)
        }
        let seconds = Mutex<Int64>(0)
        let zones = ZoneDatabase(folder: folder.path) { seconds.withLock { $0 } }
        let instant = Instant(seconds: 1_900_000_000)
        #expect(zones.zone(ZoneID("Trip")) == nil)
        try install("Asia/Tokyo", release: "2026a")
        // What was known, also that there is no such zone, stands until the next look.
        #expect(zones.zone(ZoneID("Trip")) == nil)
        seconds.withLock { $0 = 61 }
        #expect(zones.zone(ZoneID("Trip"))?.offset(at: instant) == 32_400 && zones.version == "2026a")
        try install("Asia/Kolkata", release: "2026b")
        #expect(zones.zone(ZoneID("Trip"))?.offset(at: instant) == 32_400)
        seconds.withLock { $0 = 122 }
        #expect(zones.zone(ZoneID("Trip"))?.offset(at: instant) == 19_800 && zones.version == "2026b")
    }

    @Test("refuse a damaged file, cut anywhere", arguments: [0, 3, 44, 60, 200])
    func damaged(length: Int) {
        let bytes = [UInt8]("TZif2".utf8) + Array(repeating: 0xff, count: length)
        #expect(throws: TZifError.self) { try Zone(id: ZoneID("x"), tzif: bytes) }
    }
}

@Suite("Civil dates")
struct CivilDateTests {
    @Test("every day of four centuries goes to its date and back")
    func roundTrip() throws {
        var date = try #require(CivilDate(year: 1900, month: 1, day: 1))
        var (year, month, day) = (1900, 1, 1)
        for _ in 0..<146_097 {
            #expect(date.components == (year, month, day))
            #expect(CivilDate(year: year, month: month, day: day) == date)
            day += 1
            if day > CivilDate.days(inMonth: month, of: year) { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
            date = try #require(date.adding(days: 1))
        }
        #expect(date.description == "2300-01-01")
    }

    @Test("the first and last day are the calendar's edges")
    func edges() throws {
        let first = try #require(CivilDate(year: 1, month: 1, day: 1))
        let last = try #require(CivilDate(year: 9999, month: 12, day: 31))
        #expect(first.adding(days: -1) == nil && last.adding(days: 1) == nil && last.adding(days: .max) == nil)
        #expect(first.weekday == .monday && last.weekday == .friday)
    }
}
