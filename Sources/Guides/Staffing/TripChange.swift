import CivilTime
public import Trips

/// A small change of when a trip is.
public enum TripChange: Hashable, Sendable {
    case endEarlier(minutes: Int)
    case startLater(minutes: Int)
    /// Everything by whole days; below 0: earlier.
    case move(days: Int)
    /// The last days are left out.
    case dropDays(Int)

    /// How much is changed, in minutes; a day is 1 440.
    public var size: Int {
        switch self {
        case .endEarlier(let minutes), .startLater(let minutes): minutes
        case .move(let days): abs(days) * 1440
        case .dropDays(let days): days * 1440
        }
    }

    /// For programs; never changes its meaning.
    public var code: String {
        switch self {
        case .endEarlier: "end-earlier"
        case .startLater: "start-later"
        case .move: "move"
        case .dropDays: "drop-days"
        }
    }

    /// Every change that is tried, smallest first: ends and starts by quarters of an hour up to half a day, within their
    /// days; moves up to 14 days, later before earlier; up to 14 days left out.
    public static let tried: [TripChange] = {
        let quarters = Array(stride(from: 15, through: 720, by: 15))
        let days = Array(1...14)
        var all = quarters.flatMap { [TripChange.endEarlier(minutes: $0), .startLater(minutes: $0)] }
        all += days.flatMap { [TripChange.move(days: $0), .move(days: -$0), .dropDays($0)] }
        return all
    }()

    /// The timing so changed; nil where it would end before it starts or touch other days than meant.
    public func applied(to timing: TripTiming) -> TripTiming? {
        switch (self, timing) {
        case (.move(let days), _): timing.firstDay.adding(days: days).map(timing.moved)
        case (.endEarlier(let minutes), .singleDay(let day, let start, let length)):
            length > minutes ? .singleDay(day, startSecond: start, minutes: length - minutes) : nil
        case (.startLater(let minutes), .singleDay(let day, let start, let length)):
            length > minutes
                ? .singleDay(day, startSecond: start + Int32(minutes * 60), minutes: length - minutes) : nil
        case (.endEarlier(let minutes), .multiDay(let day, let start, let days, let end)):
            end > minutes * 60
                ? .multiDay(day, startSecond: start, days: days, endSecond: end - Int32(minutes * 60)) : nil
        case (.startLater(let minutes), .multiDay(let day, let start, let days, let end)):
            start + Int32(minutes * 60) < 86_400
                ? .multiDay(day, startSecond: start + Int32(minutes * 60), days: days, endSecond: end) : nil
        case (.dropDays(let dropped), .multiDay(let day, let start, let days, let end)):
            days > dropped
                ? .multiDay(day, startSecond: start, days: days - dropped, endSecond: end) : nil
        case (.dropDays, .singleDay): nil
        }
    }

    /// For people, after the guide's name and 'could if': `the trip started on Thursday 3 Jul, 2 days later`.
    public func sentence(for timing: TripTiming) -> String {
        switch self {
        case .endEarlier(let minutes): return "the trip ended \(Obstacle.length(minutes)) earlier"
        case .startLater(let minutes): return "the trip started \(Obstacle.length(minutes)) later"
        case .dropDays(let dropped):
            return "the trip lasted \(timing.dayCount - dropped) of its \(timing.dayCount) days"
        case .move(let days):
            let day = timing.firstDay.adding(days: days) ?? timing.firstDay
            let distance = abs(days) == 1 ? "1 day" : "\(abs(days)) days"
            return
                "the trip started on \(day.weekday.name) \(day.shortText), \(distance) \(days > 0 ? "later" : "earlier")"
        }
    }
}

extension Weekday {
    fileprivate var name: String {
        switch self {
        case .sunday: "Sunday"
        case .monday: "Monday"
        case .tuesday: "Tuesday"
        case .wednesday: "Wednesday"
        case .thursday: "Thursday"
        case .friday: "Friday"
        case .saturday: "Saturday"
        }
    }
}
