internal import CivilTime
internal import CronofyWire
internal import ICalendar
internal import ProviderKit

/// One iCalendar text in Graph's words: the event or master, and what is to be done to single instances.
struct WantedSeries {
    let uid: String
    let component: Component
    let master: [String: JSONValue]
    let attendees: [JSONValue]
    /// Where the instance begins by the rule, and its members; nil deletes it.
    let instances: [(slot: Instant, members: [String: JSONValue]?)]
    private let recurrence: GraphRecurrence?

    init(_ text: String, zones: ZoneDatabase, mailboxZone: Zone?) throws(MappingRefusal) {
        let (series, events) = try Self.read(text, zones)
        guard let event = series.master, let component = events.first(where: { $0.first("RECURRENCE-ID") == nil })
        else {
            throw MappingRefusal("Microsoft cannot keep an instance without its series.")
        }
        let writer = GraphEventWriter(zones: zones, mailboxZone: mailboxZone)
        (uid, self.component) = (series.uid, component)
        master = try writer.members(event, component, isWhole: true)
        attendees = GraphPeople.attendees(component)
        if case .object? = master["recurrence"], let json = master["recurrence"] {
            recurrence = try GraphRecurrence(reading: json)
        } else {
            recurrence = nil
            guard series.overrides.isEmpty else {
                throw MappingRefusal("Microsoft cannot change instances of an event that does not repeat.")
            }
        }
        var instances: [(slot: Instant, members: [String: JSONValue]?)] = []
        for date in event.exceptionDates { instances.append((try Self.instant(date, zones), nil)) }
        for override in series.overrides {
            guard let id = override.recurrenceID, !override.thisAndFuture else {
                throw MappingRefusal("Microsoft cannot change a series from one instance on: make it two series.")
            }
            let slot = try Self.instant(id, zones)
            if override.status == .cancelled {
                instances.append((slot, nil))
                continue
            }
            let own = events.first { $0.first("RECURRENCE-ID") == Property.time("RECURRENCE-ID", id) }
            instances.append((slot, try writer.members(override, own, isWhole: false)))
        }
        self.instances = instances
    }

    private static func read(_ text: String, _ zones: ZoneDatabase) throws(MappingRefusal) -> (EventSeries, [Component])
    {
        let document: ICalendarDocument
        do { document = try ICalendarDocument(reading: text) } catch {
            throw MappingRefusal("The event could not be read, so it was not stored.")
        }
        let found = document.series(zones: zones)
        guard !document.isTruncated, found.count == 1, case .series(let series) = found[0] else {
            throw MappingRefusal("The event could not be read, so it was not stored.")
        }
        return (series, document.calendars.flatMap(\.components).filter { $0.name == "VEVENT" })
    }

    /// Graph counts the days of all-day series from midnight in UTC.
    private static func instant(_ time: EventTime, _ zones: ZoneDatabase) throws(MappingRefusal) -> Instant {
        switch time {
        case .allDay(let date): return Zone.utc.instant(of: date.midnight)
        case .utc(let instant): return instant
        case .zoned(let time, let id):
            guard let zone = zones.zone(id) else {
                throw MappingRefusal("Microsoft does not know the time zone '\(id.name)' of the event.")
            }
            return zone.instant(of: time)
        case .floating: throw MappingRefusal("Microsoft has no times without a time zone.")
        }
    }

    /// Whether what Graph holds needs no new recurrence: a new one takes back every change of single instances, which is
    /// how one that is wanted no more goes away.
    func keepsRecurrence(of held: JSONValue) -> Bool {
        guard let recurrence, let json = held["recurrence"], case .object = json else {
            return recurrence == nil && (held["recurrence"] ?? .null) == .null
        }
        do {
            var old = try GraphRecurrence(reading: json)
            old.zoneName = recurrence.zoneName
            guard old == recurrence else { return false }
        } catch { return false }
        let heldSlots = (held["exceptionOccurrences"]?.list ?? []).map { GraphTime.stamp($0["originalStart"]?.text) }
        let wantedSlots = Set(instances.filter { $0.members != nil }.map(\.slot))
        let wantedDays = instances.filter { $0.members == nil }.count
        return heldSlots.allSatisfy { slot in slot.map(wantedSlots.contains) ?? false }
            && held["cancelledOccurrences"]?.list?.count ?? 0 <= wantedDays
    }
}
