public import CivilTime
public import CronofyClient
import Trips

/// What an entry of a guide's calendar means for the guide's time. The published table is docs/guides-availability.md;
/// it and `BusyMappingTests` are this function, cell by cell.
public struct BusyMapping: Hashable, Sendable {
    /// Where days of all-day events begin and end.
    public let zone: Zone

    public init(zone: Zone) { self.zone = zone }

    /// What becomes of an entry.
    public enum Meaning: Hashable, Sendable {
        case blocks(Period, BusyReason)
        /// No row, and none that was there stays.
        case free(FreeReason)
        /// A trip of ours, as it stands in the calendar now; nil: the guide deleted it. Never a row of its own.
        case ours(eventID: String, Period?)
    }

    /// Free-busy: times and weight are all there is.
    public func meaning(of entry: FreeBusyPeriod) -> Meaning {
        let period = period(entry.start, entry.end)
        if let id = entry.eventID { return .ours(eventID: id, entry.isDeleted ? nil : period) }
        if entry.isDeleted { return .free(.deleted) }
        guard let period else { return .free(.noLength) }
        switch entry.status {
        case .free: return .free(.transparent)
        case .tentative: return .blocks(period, .tentative)
        // A word that we do not know is no word for free: doubt means busy.
        default: return .blocks(period, .busy)
        }
    }

    /// An event: what the guide answered and how it is shown say more than its weight.
    public func meaning(of event: Event) -> Meaning {
        let period = event.start.flatMap { start in event.end.flatMap { self.period(start, $0) } }
        if let id = event.id { return .ours(eventID: id, event.isDeleted ? nil : period) }
        if event.isDeleted { return .free(.deleted) }
        if event.status == .cancelled { return .free(.cancelled) }
        if event.participation == .declined { return .free(.declined) }
        guard let period else { return .free(.noLength) }
        switch event.transparency {
        case .transparent: return .free(.transparent)
        case .workingElsewhere: return .free(.workingElsewhere)
        case .outOfOffice: return .blocks(period, .outOfOffice)
        case .tentative: return .blocks(period, .tentative)
        default: break
        }
        if event.status == .tentative || event.participation == .tentative { return .blocks(period, .tentative) }
        if event.participation == .needsAction { return .blocks(period, .unanswered) }
        return .blocks(period, .busy)
    }

    /// Nil where there is no time between them.
    private func period(_ start: EventTime, _ end: EventTime) -> Period? {
        Period(from: instant(start), to: instant(end))
    }

    private func instant(_ time: EventTime) -> Instant {
        switch time {
        case .day(let date): zone.instant(of: date.midnight)
        case .moment(let instant, _): instant
        }
    }
}

/// Why time of a calendar blocks: what a guide or an office is shown as 'this counts because …'.
public enum BusyReason: String, Hashable, Sendable, CaseIterable {
    case busy
    case outOfOffice = "out_of_office"
    case tentative
    /// An invitation that the guide has not answered.
    case unanswered

    /// Whether it only probably blocks.
    public var isTentative: Bool { self == .tentative || self == .unanswered }

    public var sentence: String {
        switch self {
        case .busy: "an event that is shown as busy"
        case .outOfOffice: "out of office"
        case .tentative: "an event that is marked tentative"
        case .unanswered: "an invitation without an answer"
        }
    }
}

/// Why time of a calendar does not block.
public enum FreeReason: String, Hashable, Sendable, CaseIterable {
    case deleted, cancelled, declined, transparent, workingElsewhere, noLength
}
