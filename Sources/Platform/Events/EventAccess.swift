public import Accounts
public import ICalendar

/// Reads events and free-busy from the store; never asks a provider.
public protocol EventReading: Sendable {
    func events(_ query: EventQuery, after progress: EventProgress?, limit: Int) async throws -> EventPage<EventRecord>
    func freeBusy(_ query: EventQuery, after progress: EventProgress?, limit: Int) async throws -> EventPage<
        FreeBusyRecord
    >
}

/// Accepts writes: durable here and in the busy picture when these return; the provider follows by the outbox.
public protocol EventWriting: Sendable {
    func upsert(_ draft: EventDraft, in calendar: CalendarID, of account: AccountID, by client: ClientID) async throws
    func delete(
        _ target: EventDraft.Target, in calendar: CalendarID, of account: AccountID, by client: ClientID) async throws
    /// Every event that `client` manages, in these calendars or, where nil, in all.
    func deleteAll(in calendars: Set<CalendarID>?, of account: AccountID, by client: ClientID) async throws
    /// The account's own answer to an invitation.
    func answer(
        _ status: ParticipationStatus, to event: EventUID, in calendar: CalendarID, of account: AccountID,
        by client: ClientID) async throws
}
