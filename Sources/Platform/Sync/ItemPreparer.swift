public import CivilTime
import ICalendar
public import ProviderKit
import Recurrence

/// Works out, before any transaction begins, what the items of a page become in the store: their details, and their
/// occurrences within the window. One bad item is set aside with its reason; the rest go on.
public struct ItemPreparer: Sendable {
    public let zone: Zone
    /// Addresses under which the owner may stand among the attendees, in lower case.
    let owner: Set<String>
    let zones: ZoneDatabase
    let window: Period

    /// From year 1 to the end of year 9999.
    private static let allTime = Period(
        from: Instant(seconds: -62_135_596_800), to: Instant(seconds: 253_402_300_799))

    /// What keeps a calendar from being read at all.
    public enum Obstacle: Error, Hashable, Sendable {
        /// None of the calendar's and account's zones is known here: its all-day events cannot be placed.
        case unknownZone([String])
        case clockOutOfRange
    }

    /// `zoneNames` in order of preference: the calendar's own, then the account's; the first that is known decides
    /// all-day and floating times.
    public init(zoneNames: [String?], owner: [String], zones: ZoneDatabase, now: Instant) throws(Obstacle) {
        let names = zoneNames.compactMap { $0 }
        guard let zone = names.lazy.compactMap({ zones.resolve(name: $0) }).first else { throw .unknownZone(names) }
        guard let window = SyncWindow(around: now) else { throw .clockOutOfRange }
        self.zone = zone
        self.owner = Set(owner.map { $0.lowercased() })
        self.zones = zones
        self.window = window.period
    }

    public func prepare(_ page: ChangePage) -> PreparedPage {
        PreparedPage(
            items: page.changed.map(prepare), unchanged: page.unchanged.map(\.value),
            removed: page.removed.map(\.value))
    }

    func prepare(_ item: RemoteItem) -> PreparedItem {
        switch item.content {
        case .events(let series, let text):
            return prepare(series, text: text, id: item.id.value, version: item.version)
        case .unreadable(let reason):
            return empty(id: item.id.value, version: item.version, fault: reason)
        case .irrelevant:
            return empty(id: item.id.value, version: item.version, fault: nil)
        }
    }

    func prepare(_ series: EventSeries, text: String, id: String, version: String?) -> PreparedItem {
        // An event that does not repeat is one row, so it is kept whenever it is: what lies far ahead needs no rolling,
        // and applications read what they manage over all time.
        let expansion = series.occurrences(
            in: series.isRecurring ? window : Self.allTime ?? window, zone: zone, zones: zones,
            limits: ExpansionLimits())
        let details = ComponentRows(series: series, owner: owner)
        var prepared = PreparedItem(
            remoteID: id, version: version, uid: series.uid, hash: series.contentHash, body: text,
            repeats: series.isRecurring,
            fault: expansion.isIncomplete
                ? "Repeats more often than can be kept; shown incomplete, and busy where in doubt." : nil,
            components: details.rows, occurrences: [])
        var seen: Set<Int64> = []
        for occurrence in expansion.occurrences where !occurrence.isCancelled {
            let row = row(of: occurrence, in: series, details: details)
            // Two overrides of one instance, spelled differently, are one occurrence.
            if seen.insert(row.recurrence).inserted { prepared.occurrences.append(row) }
        }
        return prepared
    }

    private func row(of occurrence: Occurrence, in series: EventSeries, details: ComponentRows) -> OccurrenceRow {
        let component: Int64 =
            switch occurrence.component {
            case .master: -1
            case .override(let index): Int64(index)
            }
        var row = OccurrenceRow(
            recurrence: occurrence.originalStart?.seconds ?? OccurrenceKey.single, component: component, start: 0,
            end: 0,
            weight: details.weight(of: component))
        switch occurrence.span {
        case .dates(let first, let end):
            (row.startDay, row.endDay) = (Int64(first.dayNumber), Int64(end.dayNumber))
            row.start = zone.instant(of: first.midnight).seconds
            row.end = zone.instant(of: end.midnight).seconds
        case .instants(let start, let end):
            (row.start, row.end) = (start.seconds, end.seconds)
            (row.startZone, row.endZone) = (occurrence.startZone?.name, occurrence.endZone?.name)
        }
        return row
    }

    private func empty(id: String, version: String?, fault: String?) -> PreparedItem {
        PreparedItem(
            remoteID: id, version: version, uid: "", hash: [], body: "", repeats: false, fault: fault, components: [],
            occurrences: [])
    }
}

/// The number that stands for the one occurrence of an event that does not repeat.
public enum OccurrenceKey {
    public static let single: Int64 = -(1 << 47)
}
