internal import CivilTime
internal import CronofyWire

/// Times in requests.
enum SandboxTimes {
    /// A `dateTimeTimeZone`.
    static func civil(_ json: JSONValue?) throws(SandboxRefusal) -> (time: CivilDateTime, zone: Zone, name: String) {
        guard case .string(let text)? = json?["dateTime"], case .string(let name)? = json?["timeZone"],
            let time = time(text)
        else { throw SandboxRefusal(400, "ErrorInvalidRequest") }
        guard let zone = ZoneDatabase.system.resolve(name: name) else {
            throw SandboxRefusal(400, "TimeZoneNotSupportedException")
        }
        return (time, zone, name)
    }

    /// A parameter such as `2026-01-01T00:00:00Z`.
    static func instant(_ text: String?) throws(SandboxRefusal) -> Instant {
        guard let text, let time = time(text) else { throw SandboxRefusal(400, "ErrorInvalidParameter") }
        let instant = Zone.utc.instant(of: time)
        // With an offset, as clients of several languages write it; without one: UTC.
        let rest = text.dropFirst(19).drop { $0 == "." || $0.isNumber }
        guard let sign = rest.first, sign == "+" || sign == "-" || sign == " " else { return instant }
        let parts = rest.dropFirst().split(separator: ":")
        guard parts.count == 2, let hours = Int64(parts[0], in: 0...23), let minutes = Int64(parts[1], in: 0...59)
        else { throw SandboxRefusal(400, "ErrorInvalidParameter") }
        return Instant(seconds: instant.seconds + (sign == "-" ? 1 : -1) * (hours * 3600 + minutes * 60))
    }

    static func stamp(_ instant: Instant) -> String { Zone.utc.civil(at: instant).description + "Z" }

    private static func time(_ text: String) -> CivilDateTime? {
        let parts = text.split(separator: "T", maxSplits: 1)
        guard parts.count == 2, let date = CivilDate(extended: parts[0]) else { return nil }
        let digits = parts[1].prefix(8).filter { $0 != ":" }
        return CivilDateTime(date: date, compact: digits)
    }
}
