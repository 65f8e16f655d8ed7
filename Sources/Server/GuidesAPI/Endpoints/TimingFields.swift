import CivilTime
import CronofyWire
import Trips

/// `timing_mode`, `start`, `duration_hours`, `duration_days` and `end_time` of a trip.
struct TimingFields: Sendable {
    enum Mode: String, CaseIterable, Sendable {
        case singleDay = "single_day"
        case multiDay = "multi_day"
    }

    private let mode: Mode?
    private let start: Instant?
    private let minutes: Int?
    private let days: Int?
    /// Of the last day.
    private let endSecond: Int32?

    init(_ fields: inout Fields) {
        mode = fields.choice("timing_mode", Mode.self)
        start = fields.instant("start")
        days = fields.integer("duration_days", in: 1...Int64(TripTiming.mostDays)).map(Int.init)
        if let text = fields.number("duration_hours") {
            let hours = Double(text).flatMap { (0...24).contains($0) ? $0 : nil }
            minutes = hours.map { Int(($0 * 60).rounded()) }
            if hours == nil { fields.fail("duration_hours", key: "invalid", "must be a number of hours up to 24") }
        } else {
            minutes = nil
        }
        if let text = fields.text("end_time") {
            let clock = CivilDate(year: 2000, month: 1, day: 1).flatMap {
                CivilDateTime(date: $0, compact: text.replacing(":", with: "") + (text.utf8.count == 5 ? "00" : ""))
            }
            endSecond = clock.map(\.secondOfDay)
            if clock == nil { fields.fail("end_time", key: "invalid", "must be a time of the day such as 16:30") }
        } else {
            endSecond = nil
        }
    }

    /// - Parameter known: what a change leaves as it is; nil: everything has to be said.
    func timing(in zone: Zone, instead known: TripTiming?) throws -> TripTiming {
        let wall = start.map { zone.civil(at: $0) }
        guard let day = wall?.date ?? known?.firstDay, let second = wall?.secondOfDay ?? known?.startSecond else {
            throw GuidesAPIError.field("start", "required")
        }
        switch (mode, known) {
        case (.multiDay, _), (nil, .multiDay?):
            guard let days = days ?? known?.days else { throw GuidesAPIError.field("duration_days", "required") }
            return .multiDay(
                day, startSecond: second, days: days, endSecond: endSecond ?? known?.endSecond ?? Self.usualEnd)
        case (.singleDay, _), (nil, _):
            guard let minutes = minutes ?? known?.minutes else { throw GuidesAPIError.field("duration_hours", "required") }
            return .singleDay(day, startSecond: second, minutes: minutes)
        }
    }

    /// Five in the afternoon.
    private static let usualEnd: Int32 = 17 * 3600
}

extension TripTiming {
    fileprivate var startSecond: Int32 {
        switch self {
        case .singleDay(_, let second, _), .multiDay(_, let second, _, _): second
        }
    }
    fileprivate var minutes: Int? { if case .singleDay(_, _, let minutes) = self { minutes } else { nil } }
    fileprivate var days: Int? { if case .multiDay(_, _, let days, _) = self { days } else { nil } }
    fileprivate var endSecond: Int32? { if case .multiDay(_, _, _, let second) = self { second } else { nil } }
}
