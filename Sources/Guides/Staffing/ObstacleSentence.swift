public import CivilTime
import Trips

extension Obstacle {
    /// For people: one sentence without the guide's name, times as `zone` shows them. Trips are named by the page, which
    /// knows their titles.
    public func sentence(in zone: Zone) -> String {
        switch self {
        case .notMember: "is no active guide of this service"
        case .roleNotTaken(let role): "does not take the role '\(role.rawValue)'"
        case .alreadyOnTrip: "is on this trip already"
        case .outOfSeason(let period): "is not there from \(period.text(in: zone))"
        case .lacksQualification(let kind): "has no \(kind)"
        case .qualificationBegins(let kind, let date, let day):
            "\(kind) begins only on day \(day), \(date.shortText)"
        case .qualificationEnds(let kind, let date, let day):
            day < 1
                ? "\(kind) ended on \(date.shortText)" : "\(kind) ends on day \(day), \(date.shortText)"
        case .onTrip(_, let period): "is on another trip from \(period.text(in: zone))"
        case .busy(let seen): seen.sentence(in: zone)
        case .turnaround(_, let minutes, let needed):
            "has \(Self.length(minutes)) between this trip and another; \(Self.length(needed)) are needed"
        case .drive(_, let minutes, let needed):
            "has \(Self.length(minutes)) to get from one trip to the other; with the drive \(Self.length(needed)) are needed"
        case .restDays(_, let days, let needed):
            "has \(days) of \(needed) rest days between this trip and another"
        }
    }

    /// `45 min`, `2 h`, `2 h 30 min`.
    static func length(_ minutes: Int) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60)
        if hours == 0 { return "\(rest) min" }
        return rest == 0 ? "\(hours) h" : "\(hours) h \(rest) min"
    }
}

extension SeenBusyTime {
    func sentence(in zone: Zone) -> String {
        let time = period.text(in: zone)
        return switch kind {
        case .unsaid: "is not available from \(time)"
        case .otherService: "is on a trip of another service from \(time)"
        case .blocked: "has blocked the time from \(time)"
        case .calendar: "is busy by their calendar from \(time)"
        case .calendarTentative: "is perhaps busy by their calendar from \(time)"
        }
    }
}

extension Period {
    /// `3 Jul 14:00 to 4 Jul 09:00`.
    func text(in zone: Zone) -> String {
        let (first, last) = (zone.civil(at: start), zone.civil(at: end))
        let until =
            first.date == last.date ? last.clockText : "\(last.date.shortText) \(last.clockText)"
        return "\(first.date.shortText) \(first.clockText) to \(until)"
    }
}

extension CivilDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `3 Jul`.
    var shortText: String {
        let (_, month, day) = components
        return "\(day) \(Self.months[month - 1])"
    }
}

extension CivilDateTime {
    /// `09:05`.
    fileprivate var clockText: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(hour)):\(two(minute))"
    }
}
