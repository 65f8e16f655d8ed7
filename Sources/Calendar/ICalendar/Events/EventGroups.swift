import CivilTime

/// The VEVENTs of a document by the thing they speak of: those of one UID, in the order in which UIDs first appear.
///
/// A UID must be unique (RFC 5545 §3.8.4.7), but files from the world use one for several events. Of events with one UID
/// that are no overrides, those that differ in SEQUENCE, or that say the same time and title, are revisions of one
/// thing: the higher SEQUENCE stands, then the later LAST-MODIFIED. All others are things of their own and each is kept:
/// one keeps the UID, and with it the overrides; the others get one made of it and of what they say.
struct EventGroups {
    struct Group {
        let uid: String
        /// The calendar of the document and the event in it.
        var events: [(calendar: Int, component: Component)] = []
        /// Where the UID belongs to another event too.
        var isRenamed = false
    }

    private(set) var groups: [Group] = []

    init(_ document: ICalendarDocument) {
        var places: [String: Int] = [:]
        var byUID: [Group] = []
        for (index, calendar) in document.calendars.enumerated() {
            for component in calendar.components where component.name == "VEVENT" {
                let uid = component.identity
                let place = places[uid] ?? byUID.count
                if place == byUID.count {
                    places[uid] = place
                    byUID.append(Group(uid: uid))
                }
                byUID[place].events.append((index, component))
            }
        }
        groups = byUID.flatMap(Self.parted)
    }

    /// One group for each thing that the events of one UID speak of.
    private static func parted(_ group: Group) -> [Group] {
        let masters = group.events.filter { $0.component.first("RECURRENCE-ID") == nil }
        guard masters.count > 1, let latest = masters.map({ $0.component.sequence }).max() else { return [group] }
        var order: [EventKey] = []
        var things: [EventKey: [(calendar: Int, component: Component)]] = [:]
        for master in masters where master.component.sequence == latest {
            let key = EventKey(master.component)
            if things[key] == nil { order.append(key) }
            things[key, default: []].append(master)
        }
        // The same one whatever the order in the text: one that repeats, then the first by what it says.
        guard order.count > 1, let first = order.min() else { return [group] }
        return order.sorted { ($0 == first ? 0 : 1) < ($1 == first ? 0 : 1) }.map { key in
            guard key == first else {
                return Group(uid: group.uid + "-" + key.hash, events: things[key] ?? [], isRenamed: true)
            }
            var own = Group(uid: group.uid)
            own.events = group.events.filter { event in
                event.component.first("RECURRENCE-ID") != nil || event.component.sequence != latest
                    || EventKey(event.component) == first
            }
            return own
        }
    }
}

/// What tells two events with one UID apart.
private struct EventKey: Hashable, Comparable {
    let repeats: Bool
    let texts: [String]

    init(_ component: Component) {
        repeats = component.first("RRULE") != nil || component.first("RDATE") != nil
        texts = ["DTSTART", "DTEND", "DURATION", "RRULE", "SUMMARY"].map { name in
            component.first(name).map { ($0.parameter("TZID") ?? "") + ":" + $0.value.trimmed } ?? ""
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        left.repeats == right.repeats ? left.texts.lexicographicallyPrecedes(right.texts) : left.repeats
    }

    var hash: String {
        var hash = StableHash()
        for text in texts { hash.add(text) }
        return hash.hex
    }
}

extension Component {
    /// The UID, or a key of content where there is none or an empty one.
    var identity: String {
        if let uid = first(.uid)?.value.trimmed, !uid.isEmpty { return uid }
        var hash = StableHash()
        for name in ["DTSTART", "DTEND", "DURATION", "SUMMARY"] { hash.add(first(name)?.value ?? "") }
        return "content-" + hash.hex
    }

    fileprivate var sequence: Int { first("SEQUENCE").flatMap { Int($0.value.trimmed, in: 0...Int(Int32.max)) } ?? 0 }
}

extension ICalendarDocument {
    /// One calendar for each thing that the document's events speak of, with the zones it needs: what a server keeps as
    /// one resource (RFC 4791 §4.1).
    public func items() -> [(uid: String, calendar: Component)] {
        EventGroups(self).groups.map { group in
            var item = Component.emptyCalendar
            let sources = Set(group.events.map(\.calendar)).sorted().map { calendars[$0] }
            item.properties += sources.first?.all("X-WR-TIMEZONE") ?? []
            item.components = sources.flatMap { $0.components.filter { $0.name == "VTIMEZONE" } }
            item.components += group.events.map { event in
                var component = event.component.notingWhatWasLeftOut
                if component.first(.uid)?.value.trimmed != group.uid {
                    component.replace("UID", with: [Property("UID", group.uid)])
                }
                return component
            }
            return (group.uid, item)
        }
    }
}
