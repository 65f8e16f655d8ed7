import CivilTime

/// DATE and DATE-TIME values (RFC 5545 §3.3.4, §3.3.5).
enum TimeText {
    static func compact(_ date: CivilDate) -> String {
        String(decoding: date.description.utf8.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }

    static func compact(_ time: CivilDateTime) -> String {
        String(
            decoding: time.description.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }, as: UTF8.self
        )
    }

    /// A property of `name` with the value and parameters that say `time`.
    static func property(_ name: String, _ time: EventTime) -> Property {
        switch time {
        case .allDay(let date): Property(name, compact(date), parameters: [.init("VALUE", ["DATE"])])
        case .floating(let time): Property(name, compact(time))
        case .zoned(let time, let zone): Property(name, compact(time), parameters: [.init("TZID", [zone.name])])
        case .utc(let instant): Property(name, compact(Zone.utc.civil(at: instant)) + "Z")
        }
    }
}
