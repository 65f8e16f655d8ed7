import CivilTime
import Staffing
public import Trips

/// Words of the tests: days count from 1 July 2031, a Tuesday; hours are Denver's.
enum Sample {
    // The system's database has it, else nothing here works.
    static let zone = ZoneDatabase.system.zone(ZoneID("America/Denver")) ?? .utc
    static let river = Place(name: "River", zone: zone.id)
    static let wall = Place(name: "Wall", zone: zone.id)
    static let lead = CrewNeed(role: .lead, count: 1)

    static func day(_ number: Int) -> CivilDate {
        CivilDate(year: 2031, month: 7, day: 1)?.adding(days: number - 1) ?? .init(clamped: 0)
    }

    static func at(_ day: Int, _ hour: Int, _ minute: Int = 0) -> Instant {
        let seconds = Int32(hour * 3600 + minute * 60)
        return CivilDateTime(date: self.day(day), secondOfDay: seconds).map(zone.instant)
            ?? Instant(seconds: 0)
    }

    /// From 08:00 of the first day to 17:00 of the last.
    static func trip(
        _ first: Int, days: Int = 1, from: Int = 8, to: Int = 17, at place: Place = river,
        id: String? = nil
    ) throws -> TripSpan {
        let timing = TripTiming.multiDay(
            day(first), startSecond: Int32(from * 3600), days: days, endSecond: Int32(to * 3600))
        return try TripSpan(timing, at: place, in: zone, trip: id.map { TripID($0) })
    }

    static func on(_ span: TripSpan, _ role: CrewRole = .lead) -> CrewTrip {
        CrewTrip(span, role: role)
    }

    static func busy(
        _ from: Instant, _ to: Instant, _ source: GuideAvailability.Source = .sync,
        tentative: Bool = false,
        _ visibility: GuideAvailability.Visibility = .busy
    ) -> BusyTime {
        BusyTime(
            Period(from: from, to: to) ?? TripSpan.none, source: source, isTentative: tentative,
            visibility: visibility,
            reference: "row_secret")
    }
}

extension TripSpan {
    /// A second of 1970, where a test has no better period.
    fileprivate static let none: Period = {
        guard let period = Period(from: Instant(seconds: 0), to: Instant(seconds: 1)) else {
            fatalError("0 < 1")
        }
        return period
    }()
}

extension CivilDate {
    fileprivate init(clamped number: Int32) {
        guard let date = CivilDate(dayNumber: number) else { fatalError("day \(number) is no day") }
        self = date
    }
}

/// Numbers that a seed decides (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

extension Identifier: ExpressibleByStringLiteral, ExpressibleByUnicodeScalarLiteral,
    ExpressibleByExtendedGraphemeClusterLiteral
{
    public init(stringLiteral value: String) { self.init(value) }
}
