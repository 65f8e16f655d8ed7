import CivilTime

/// Dates and times for reading, in English, with the day before the month so that nobody takes one for the other.
enum CivilWords {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `5 April 2031`.
    static func day(_ date: CivilDate) -> String { "\(date.day) \(month(date.month)) \(date.year)" }
    /// `5 Apr`.
    static func shortDay(_ date: CivilDate) -> String { "\(date.day) \(month(date.month).prefix(3))" }
    /// `Saturday`.
    static func weekday(_ date: CivilDate) -> String {
        switch date.weekday {
        case .sunday: "Sunday"
        case .monday: "Monday"
        case .tuesday: "Tuesday"
        case .wednesday: "Wednesday"
        case .thursday: "Thursday"
        case .friday: "Friday"
        case .saturday: "Saturday"
        }
    }
    /// `Saturday 5 April 2031`.
    static func fullDay(_ date: CivilDate) -> String { weekday(date) + " " + day(date) }
    static func month(_ number: Int) -> String { months[(max(1, min(12, number))) - 1] }
    /// `April 2031`.
    static func month(of date: CivilDate) -> String { "\(month(date.month)) \(date.year)" }

    /// `07:05`.
    static func time(_ time: CivilDateTime) -> String { clock(minute: Int(time.secondOfDay) / 60) }
    /// `07:05` for a minute of a day, 0 to 1440; the last is `24:00`.
    static func clock(minute: Int) -> String { two(minute / 60) + ":" + two(minute % 60) }
    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// `UTC+2`, `UTC−3:30`.
    static func offset(_ seconds: Int32) -> String {
        let minutes = abs(Int(seconds)) / 60
        let tail = minutes % 60 == 0 ? "" : ":" + two(minutes % 60)
        return seconds == 0 ? "UTC" : "UTC\(seconds < 0 ? "−" : "+")\(minutes / 60)\(tail)"
    }
}
