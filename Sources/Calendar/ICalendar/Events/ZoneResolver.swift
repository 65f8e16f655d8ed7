public import CivilTime

/// Zones as one document means them: the system's own rules where the name is known, the document's VTIMEZONE where not.
public struct ZoneResolver: Sendable {
    let zones: ZoneDatabase
    private let definitions: [String: Component]
    /// X-WR-TIMEZONE: where times without a zone are meant.
    let calendarZone: Zone?

    public init(zones: ZoneDatabase, calendar: Component?) {
        self.zones = zones
        let components = calendar?.components.filter { $0.name == "VTIMEZONE" } ?? []
        definitions = Dictionary(
            components.compactMap { zone in zone.first("TZID").map { ($0.value.trimmed, zone) } }
        ) { first, _ in first }
        calendarZone = calendar?.first("X-WR-TIMEZONE").flatMap { zones.resolve(name: $0.text) }
    }

    /// Whether `zone` is the document's own and not the system's.
    func isOwn(_ zone: Zone) -> Bool { zones.zone(zone.id) == nil }

    /// The zone called `name`, or nil where neither the system nor the document knows it.
    public func zone(_ name: String) -> Zone? {
        if let known = zones.resolve(name: name) { return known }
        guard let definition = definitions[name.trimmed] else { return FixedOffset.zone(name) }
        // Exchange names the real zone beside its own.
        for hint in ["X-LIC-LOCATION", "X-MICROSOFT-CDO-TZID"] {
            if let location = definition.first(hint), let known = zones.resolve(name: location.text) { return known }
        }
        return VTimeZone.zone(definition, id: ZoneID(name))
    }
}
