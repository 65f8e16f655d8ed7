public import Accounts
import CivilTime
public import ICalendar
import StorageKit
import Sync

extension EventWriter {
    /// The answer goes into the ATTENDEE with one of the account's own addresses; to one instance where the event repeats (RFC 5546 §3.2.3).
    public func answer(
        _ status: ParticipationStatus, to event: EventUID, in calendar: CalendarID, of account: AccountID,
        by client: ClientID
    ) async throws {
        let now = profiles.accounts.now()
        try await profiles.accounts.database.write { session in
            try AccountStore.touch(account, in: session)
            let record = try writable(calendar, of: account, in: session)
            guard let item = try OwnItem.find(event.item, of: account, in: session), item.calendar == record.number,
                !item.isDeleted, let document = OwnItem.document(item.body), let series = series(of: document)
            else { throw EventWriteError.unknownEvent }
            let addresses = Set(try ProfileStore.addresses(of: account, in: session))
            let preparer = try preparer(for: record, account: account, now: now, session: session)
            guard !addresses.contains(series.master?.organizer?.email.lowercased() ?? ""),
                let answered = document.answering(
                    status, owner: addresses, instance: series.instance(event, in: preparer.zone, zones: zones),
                    stamp: now)
            else { throw EventWriteError.notAnswerable }
            guard !document.says(sameAs: answered), let changed = self.series(of: answered) else { return }
            let number = try OwnItemWriter(account: account, now: now, session: session, author: client).change(
                item, in: record.number, to: changed, text: answered.icalendarText, preparer: preparer,
                client: item.client, eventID: item.eventID)
            try queue.enqueue(.pushing(number, of: account), in: session)
        }
    }
}

extension EventSeries {
    /// The RECURRENCE-ID of an occurrence, as its override spells it or as the master's start is; nil for an event that
    /// does not repeat.
    fileprivate func instance(_ event: EventUID, in zone: Zone, zones: ZoneDatabase) -> EventTime? {
        guard isRecurring, event.recurrence != EventUID.single else { return nil }
        let at = Instant(seconds: event.recurrence)
        let known = overrides.compactMap(\.recurrenceID).first { $0.instant(in: zone, zones: zones) == at }
        guard known == nil, let start = master?.start else { return known }
        switch start {
        case .allDay: return .allDay(Zone.utc.civil(at: at).date)
        case .floating: return .floating(zone.civil(at: at))
        case .zoned(_, let id): return zones.zone(id).map { .zoned($0.civil(at: at), id) } ?? .utc(at)
        case .utc: return .utc(at)
        }
    }
}

extension EventTime {
    /// All-day: midnight in UTC, as occurrences are numbered.
    fileprivate func instant(in zone: Zone, zones: ZoneDatabase) -> Instant? {
        switch self {
        case .allDay(let date): Zone.utc.instant(of: date.midnight)
        case .floating(let time): zone.instant(of: time)
        case .zoned(let time, let id): zones.zone(id)?.instant(of: time)
        case .utc(let instant): instant
        }
    }
}
