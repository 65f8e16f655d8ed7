internal import CivilTime
internal import ICalendar

extension Component {
    mutating func add(_ name: String, _ value: String?) {
        if let value { properties.append(Property(name, value)) }
    }

    mutating func add(_ name: String, text: String?) {
        if let text { properties.append(Property(name, text: text)) }
    }

    mutating func addCategories(_ names: [String]) {
        guard !names.isEmpty else { return }
        let texts = names.map { Property("X", text: $0).value }
        properties.append(Property("CATEGORIES", texts.joined(separator: ",")))
    }

    mutating func addReminder(_ minutes: Int) {
        components.append(
            Component(
                "VALARM",
                properties: [
                    Property("ACTION", "DISPLAY"), Property("TRIGGER", "-PT\(minutes)M"),
                    Property("DESCRIPTION", text: first("SUMMARY")?.text ?? "Reminder"),
                ]))
    }
}

extension Property {
    /// DTSTART and the like.
    static func time(_ name: String, _ time: EventTime) -> Property {
        switch time {
        case .allDay(let date):
            Property(name, GraphTime.compact(date.description), parameters: [.init("VALUE", ["DATE"])])
        case .floating(let time): Property(name, GraphTime.compact(time.description))
        case .zoned(let time, let zone):
            Property(name, GraphTime.compact(time.description), parameters: [.init("TZID", [zone.name])])
        case .utc(let instant): Property(name, instant.iCalendarText)
        }
    }
}

extension Instant {
    /// `20300101T090000Z`.
    var iCalendarText: String { GraphTime.compact(Zone.utc.civil(at: self).description) + "Z" }
}
