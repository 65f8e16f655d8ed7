public import CivilTime

/// The form of dates in headers (RFC 9110 §5.6.7).
public enum HTTPDate {
    public static func text(_ instant: Instant) -> String {
        let time = Zone.utc.civil(at: instant)
        let (day, month) = (days[time.date.weekday.rawValue], months[time.date.month - 1])
        return "\(day), \(two(time.date.day)) \(month) \(time.date.year) "
            + "\(two(time.hour)):\(two(time.minute)):\(two(time.second)) GMT"
    }

    private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
