public import Accounts
public import CivilTime
import ICalendar
import Recurrence
public import StorageKit
public import Sync

/// Accepts writes of applications. One transaction changes the item, its occurrences, the account's version, and puts
/// the write to the provider into the queue: from its commit on the time is taken, whatever happens to the provider.
public struct EventWriter: EventWriting {
    let profiles: ProfileStore
    let queue: WorkQueue
    let source: any ProviderSource
    let zones: ZoneDatabase

    public init(profiles: ProfileStore, queue: WorkQueue, source: any ProviderSource, zones: ZoneDatabase) {
        (self.profiles, self.queue, self.source, self.zones) = (profiles, queue, source, zones)
    }

    public func upsert(
        _ draft: EventDraft, in calendar: CalendarID, of account: AccountID, by client: ClientID
    ) async throws {
        let now = profiles.accounts.now()
        try await profiles.accounts.database.write { session in
            // First of all, so that writes of one account follow one another and see each other's items.
            try AccountStore.touch(account, in: session)
            let record = try writable(calendar, of: account, in: session)
            let item = try target(draft.target, in: record, by: client, session: session)
            let kept = item.flatMap { $0.isDeleted ? nil : OwnItem.document($0.body) }
            let before = kept.flatMap { master(of: $0) }
            var event = draft.applied(to: before, uid: item?.uid ?? uid(for: draft, calendar: calendar, client: client))
            let owner = try AccountStore.account(account, in: session)
            // Who invites is the organizer (RFC 5545 §3.8.4.3).
            if !event.attendees.isEmpty && event.organizer == nil, let owner {
                event.organizer = Participant(email: owner.email, displayName: owner.name)
            }
            let isNew = before == nil
            let reminders = draft.remindersOnCreateOnly && !isNew ? nil : draft.reminders
            var document = (kept ?? .emptyCalendar).merging(event, reminders: reminders, stamp: now, zones: zones)
            if let links = draft.attachments { document.setAttachments(links, ofEvent: event.uid) }
            // The same again is done already; after a refusal it is a new try.
            if let kept, item?.refusedAt == nil, kept.says(sameAs: document) { return }
            let text = document.icalendarText
            guard case .series(let series)? = try ICalendarDocument(reading: text).series(zones: zones).first else {
                throw EventWriteError.invalid(field: "start", reason: "the event cannot be placed in time")
            }
            let number = try OwnItemWriter(account: account, now: now, session: session, author: client).change(
                item, in: record.number, to: series, text: text,
                preparer: try preparer(for: record, account: account, now: now, session: session),
                client: draft.eventID == nil ? nil : client, eventID: draft.eventID)
            try queue.enqueue(.pushing(number, of: account), in: session)
        }
    }

    public func delete(
        _ target: EventDraft.Target, in calendar: CalendarID, of account: AccountID, by client: ClientID
    ) async throws {
        let now = profiles.accounts.now()
        try await profiles.accounts.database.write { session in
            try AccountStore.touch(account, in: session)
            let record = try writable(calendar, of: account, in: session)
            let item = try self.target(target, in: record, by: client, session: session)
            // Deleting what is not there is done already.
            guard let item, !item.isDeleted else { return }
            try OwnItemWriter(account: account, now: now, session: session, author: client).delete(item)
            try queue.enqueue(.pushing(item.number, of: account), in: session)
        }
    }

    func writable(
        _ id: CalendarID, of account: AccountID, in session: any ReadSession
    ) throws -> CalendarRecord {
        guard let calendar = try ProfileStore.calendars(of: account, in: session).first(where: { $0.id == id }),
            !calendar.isDeleted, let profile = try ProfileStore.profile(calendar.profile, of: account, in: session)
        else { throw EventWriteError.unknownCalendar }
        guard !calendar.isReadOnly else { throw EventWriteError.readOnlyCalendar }
        guard profile.connection.state != .disconnected else { throw EventWriteError.disconnected }
        return calendar
    }

    /// The item a write is about; nil for a managed event that is new.
    private func target(
        _ target: EventDraft.Target, in calendar: CalendarRecord, by client: ClientID, session: any ReadSession
    ) throws -> OwnItem? {
        switch target {
        case .managed(let eventID):
            return try OwnItem.find(
                eventID: eventID, client: client, calendar: calendar.number, of: calendar.account, in: session)
        case .external(let uid):
            guard let item = try OwnItem.find(uid.item, of: calendar.account, in: session),
                item.calendar == calendar.number, !item.isDeleted
            else { throw EventWriteError.unknownEvent }
            guard item.client != client else { throw EventWriteError.notExternal }
            guard !item.repeats else { throw EventWriteError.recurringExternal }
            let profile = try ProfileStore.profile(calendar.profile, of: calendar.account, in: session)
            let isFree = profile.map { source.traits(of: $0.provider).isUnrestricted } ?? false
            let granted = try CalendarPermissions.unrestricted(for: client, of: calendar.account, in: session)
            guard isFree || granted.contains(calendar.number) else { throw EventWriteError.sandboxed }
            return item
        }
    }

    func series(of document: Component) -> EventSeries? {
        guard case .series(let series)? = ICalendarDocument(calendars: [document]).series(zones: zones).first else {
            return nil
        }
        return series
    }

    private func master(of document: Component) -> CalendarEvent? {
        series(of: document)?.master
    }

    /// The same for the same event of the same application, so that a write that is tried again makes no second event.
    private func uid(for draft: EventDraft, calendar: CalendarID, client: ClientID) -> String {
        let key = [client.value, calendar.value, draft.eventID ?? ""].joined(separator: "\u{0}")
        return Crypto.hex(Crypto.sha256(key).prefix(16)) + "@anchorpoint"
    }

    func preparer(
        for calendar: CalendarRecord, account: AccountID, now: Instant, session: any ReadSession
    ) throws -> ItemPreparer {
        let owner = try AccountStore.account(account, in: session)
        return try ItemPreparer(
            zoneNames: [calendar.zone?.name, owner?.zone.name],
            owner: try ProfileStore.addresses(of: account, in: session), zones: zones, now: now)
    }
}

extension EventDraft {
    /// The application's own id; nil for an event it does not manage.
    var eventID: String? {
        if case .managed(let id) = target { id } else { nil }
    }

    /// The event that this draft makes of `before`.
    func applied(to before: CalendarEvent?, uid: String) -> CalendarEvent {
        var event = before ?? CalendarEvent(uid: uid, start: start, end: end)
        event.uid = uid
        let isMoved = event.start != start || event.end != end
        (event.start, event.end, event.summary) = (start, end, summary)
        if case .allDay = start, before == nil { event.transparency = .transparent }
        if let transparency { event.transparency = transparency }
        if let isPrivate { event.isPrivate = isPrivate }
        description.apply(to: &event.description)
        location.apply(to: &event.location)
        geo.apply(to: &event.geo)
        url.apply(to: &event.url)
        joinURL.apply(to: &event.joinURL)
        if let color { event.color = color }
        switch rule {
        case .keep: break
        case .clear: event.rules = []
        case .set(let rule): event.rules = [rule]
        }
        let removed = Set(removing.map { $0.lowercased() })
        event.attendees.removeAll { removed.contains($0.email.lowercased()) }
        // Who is invited already keeps the answer given.
        var present = Set(event.attendees.map { $0.email.lowercased() })
        event.attendees += inviting.filter { present.insert($0.email.lowercased()).inserted }
        if before != nil && isMoved { event.sequence += 1 }
        return event
    }
}

extension EventDraft.Field {
    fileprivate func apply(to value: inout Value?) {
        switch self {
        case .keep: break
        case .clear: value = nil
        case .set(let text): value = text
        }
    }
}
