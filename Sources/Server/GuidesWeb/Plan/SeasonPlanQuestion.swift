import CivilTime
import PageKit
import Season
import Trips

/// The days of a plan and its seed, as forms and addresses carry them: whoever opens the same address is shown the same
/// plan for as long as the season is the same.
struct SeasonPlanQuestion: Hashable, Sendable {
    let first, last: CivilDate
    let seed: Int64
    /// The days in the service's zone.
    let window: Period

    static let seeds: ClosedRange<Int64> = 1...999_999_999
    static let mostDays = 400

    /// - Throws: `SeasonError.invalid` for days that are none, or too many.
    init(_ values: FormValues, zone: Zone, now: Instant) throws {
        let today = zone.civil(at: now).date
        func day(_ name: String, or standard: CivilDate?) throws -> CivilDate {
            guard let text = values[name] else { return standard ?? today }
            guard let day = TimeWords.date(iso: text) else {
                throw SeasonError.invalid(name, "wants a day such as 2026-07-03")
            }
            return day
        }
        first = try day("first", or: today.adding(days: 1))
        last = try day("last", or: first.adding(days: 180))
        guard first <= last, last.dayNumber - first.dayNumber < Self.mostDays else {
            throw SeasonError.invalid("last", "wants a day from the first on, \(Self.mostDays) days at most")
        }
        guard let seed = values["seed"].map({ Int64($0) }) ?? 1, Self.seeds.contains(seed) else {
            throw SeasonError.invalid("seed", "wants a number from 1 to \(Self.seeds.upperBound)")
        }
        self.seed = seed
        let count = Int(last.dayNumber - first.dayNumber) + 1
        guard let window = BoardDays(zone: zone, first: first, count: count).window else {
            throw SeasonError.invalid("first", "is too far away")
        }
        self.window = window
    }

    /// For the address of its page.
    var query: String { "first=\(TimeWords.iso(first))&last=\(TimeWords.iso(last))&seed=\(seed)" }

    /// For forms that go on from its page.
    var hidden: HTML {
        [("first", TimeWords.iso(first)), ("last", TimeWords.iso(last)), ("seed", String(seed))].html {
            Fields.hidden($0.0, $0.1)
        }
    }
}
