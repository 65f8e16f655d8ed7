internal import CivilTime
internal import CronofyWire
internal import ICalendar
internal import ProviderKit

/// Makes one iCalendar text of an event, or of a series with its exceptions and cancelled occurrences.
struct GraphSeriesReader {
    let events: GraphEventReader
    let owner: Set<String>

    init(zones: ZoneDatabase, mailboxZone: Zone? = nil, owner: Set<String> = []) {
        events = GraphEventReader(zones: zones, mailboxZone: mailboxZone)
        self.owner = owner
    }

    /// `json` is a single event, or a master with `exceptionOccurrences` and `cancelledOccurrences`.
    func text(_ json: JSONValue) throws(MappingRefusal) -> String {
        let uid = GraphUID.uid(of: json)
        let times = try events.times(json)
        var master = events.component(json, uid: uid, times: times, owner: owner)
        var calendar = Component.emptyCalendar
        guard case .object? = json["recurrence"], let recurrence = json["recurrence"] else {
            calendar.components = [master]
            return calendar.icalendarText
        }
        master.add("RRULE", try GraphRecurrence(reading: recurrence).rule(from: times.start, zones: events.zones))
        let cancelled = try json["cancelledOccurrences"]?.list.map { list throws(MappingRefusal) in
            try Set(list.map { value throws(MappingRefusal) in try slot(cancelled: value, times) })
        }
        for slot in (cancelled ?? []).sorted(by: { $0.value < $1.value }) { master.properties.append(slot) }
        calendar.components = [master]
        for exception in json["exceptionOccurrences"]?.list ?? [] {
            calendar.components.append(try override(exception, uid: uid, of: times))
        }
        return calendar.icalendarText
    }

    private func override(_ json: JSONValue, uid: String, of master: GraphEventReader.Times) throws(MappingRefusal)
        -> Component
    {
        guard let original = GraphTime.stamp(json["originalStart"]?.text) else {
            throw MappingRefusal("A changed instance of it does not say which one it is.")
        }
        var zone: Zone?
        if case .zoned(_, let id) = master.start { zone = events.zones.zone(id) }
        let times = try events.times(json, zone: zone ?? .utc)
        var event = events.component(json, uid: uid, times: times, owner: owner)
        event.properties.append(.time("RECURRENCE-ID", master.slot(original, events.zones)))
        return event
    }

    /// `OID.<master>.<date>`: the day, in the series' own zone, of an occurrence that was deleted.
    private func slot(cancelled value: JSONValue, _ times: GraphEventReader.Times) throws(MappingRefusal) -> Property {
        let words = value.text?.split(separator: ".").last ?? ""
        guard let date = CivilDate(extended: String(words)) else {
            throw MappingRefusal("A deleted instance of it does not say which one it is.")
        }
        let slot: EventTime
        switch times.start {
        case .allDay: slot = .allDay(date)
        case .zoned(let time, let id):
            slot = .zoned(CivilDateTime(date: date, secondOfDay: time.secondOfDay) ?? date.midnight, id)
        case .utc(let instant):
            let second = Zone.utc.civil(at: instant).secondOfDay
            slot = .utc(Zone.utc.instant(of: CivilDateTime(date: date, secondOfDay: second) ?? date.midnight))
        case .floating(let time):
            slot = .floating(CivilDateTime(date: date, secondOfDay: time.secondOfDay) ?? date.midnight)
        }
        return .time("EXDATE", slot)
    }
}
