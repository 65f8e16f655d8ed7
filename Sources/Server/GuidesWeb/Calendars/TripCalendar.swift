import CivilTime
import ICalendar
import Trips

/// Trips as iCalendar text of method PUBLISH, to subscribe to or to be put into a calendar by hand.
struct TripCalendar {
    let name: String
    /// What the entries are stamped with.
    let asOf: Instant

    struct Entry {
        /// The same whenever the trip is told again.
        let id: String
        let trip: Trip
        let title: String
        let details: String
        /// Asked for, not yet agreed.
        var isTentative = false
    }

    func text(_ entries: [Entry]) -> String {
        Component(
            "VCALENDAR",
            properties: [
                Property("VERSION", "2.0"), Property("PRODID", "-//Anchorpoint//Guides//EN"),
                Property("CALSCALE", "GREGORIAN"), Property("METHOD", "PUBLISH"),
                Property("NAME", text: name), Property("X-WR-CALNAME", text: name),
                // How often it is worth asking again (RFC 7986 5.7).
                Property("REFRESH-INTERVAL", "PT1H", parameters: [.init("VALUE", ["DURATION"])]),
            ], components: entries.map(event)
        ).icalendarText
    }

    /// Instants, so that no reader has to know the zone; its name stands in the place.
    private func event(_ entry: Entry) -> Component {
        Component(
            "VEVENT",
            properties: [
                Property("UID", "\(entry.id)@anchorpoint"), Property("DTSTAMP", Self.utc(asOf)),
                Property("DTSTART", Self.utc(entry.trip.period.start)),
                Property("DTEND", Self.utc(entry.trip.period.end)), Property("SUMMARY", text: entry.title),
                Property("LOCATION", text: "\(entry.trip.place.name) (\(entry.trip.place.zone.name))"),
                Property("DESCRIPTION", text: entry.details),
                Property("STATUS", entry.isTentative ? "TENTATIVE" : "CONFIRMED"),
            ])
    }

    /// `20260726T140000Z`
    private static func utc(_ instant: Instant) -> String {
        let civil = Zone.utc.civil(at: instant)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(civil.date.year)\(two(civil.date.month))\(two(civil.date.day))"
            + "T\(two(civil.hour))\(two(civil.minute))\(two(civil.second))Z"
    }
}
