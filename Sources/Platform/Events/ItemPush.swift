public import Accounts
public import CivilTime
import ICalendar
import ProviderKit
public import StorageKit
public import Sync

/// Writes one changed item through to its provider. It may be killed after the provider took the write and before that
/// is known here: it then finds its own write and takes it as done, for the address follows from the UID.
public struct ItemPush: Sendable {
    let profiles: ProfileStore
    let source: any ProviderSource
    let zones: ZoneDatabase

    public init(profiles: ProfileStore, source: any ProviderSource, zones: ZoneDatabase) {
        (self.profiles, self.source, self.zones) = (profiles, source, zones)
    }

    public enum Outcome: Hashable, Sendable {
        case done
        /// It changed here while it was written.
        case again
        /// Nil: trying again by itself would not help.
        case failed(reason: String, retryAfter: Int64?)
    }

    public func run(
        _ number: ItemNumber, of account: AccountID, attempt: Int64, spread: Double,
        fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws -> Outcome {
        guard let subject = try await subject(number, of: account) else { return .done }
        do {
            let provider = try source.provider(
                for: subject.profile, credential: try await profiles.credential(of: subject.profile))
            let receipt = try await write(subject, to: provider, fence: fence)
            return try await settle(subject, receipt, fence: fence)
        } catch let failure as RemoteFailure {
            return try await settle(
                subject, failure,
                retryAfter: failure.retryDelay(failures: attempt, spread: spread, first: Self.firstRetry), fence: fence)
        }
    }

    /// Seconds: somebody waits for a write to arrive.
    private static let firstRetry: Int64 = 2

    /// What could not be written is told: why it waits, or that it is refused.
    private func settle(
        _ subject: Subject, _ failure: RemoteFailure, retryAfter: Int64,
        fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws -> Outcome {
        let (account, now, item) = (subject.profile.account, profiles.accounts.now(), subject.item)
        let (zones, calendar) = (self.zones, subject.calendar)
        return try await profiles.accounts.database.write { session in
            try fence(session)
            let writer = OwnItemWriter(account: account, now: now, session: session)
            guard let current = try OwnItem.find(item.number, of: account, in: session),
                current.pending == item.pending
            else { return .again }
            guard !failure.isWorthRetrying else {
                try writer.note(failure.explanation, on: item)
                return .failed(reason: failure.explanation, retryAfter: retryAfter)
            }
            let before = current.textToRestore
            let restored = try before.flatMap { text in
                try Self.series(of: text, zones: zones).map { series in
                    OwnItemWriter.Restored(
                        series: series, text: text,
                        preparer: try Self.preparer(for: calendar, zones: zones, now: now, session: session))
                }
            }
            try writer.refuse(current, reason: failure.explanation, restoring: restored)
            return .failed(reason: failure.explanation, retryAfter: nil)
        }
    }

    /// Tells of a write that was given up: whether the provider has it is not known. It stays to be written, so that whoever
    /// has it tried again (`dead-letters --replay`) finishes it.
    public func giveUp(_ number: ItemNumber, of account: AccountID, in session: any WriteSession) throws {
        guard let item = try OwnItem.find(number, of: account, in: session), item.pending > 0 else { return }
        try OwnItemWriter(account: account, now: profiles.accounts.now(), session: session).refuse(
            item, reason: "It was tried again and again, and nobody knows whether it arrived.", restoring: nil)
    }

    private static func preparer(
        for calendar: CalendarRecord, zones: ZoneDatabase, now: Instant, session: any ReadSession
    ) throws -> ItemPreparer {
        let owner = try AccountStore.account(calendar.account, in: session)
        return try ItemPreparer(
            zoneNames: [calendar.zone?.name, owner?.zone.name],
            owner: try ProfileStore.addresses(of: calendar.account, in: session), zones: zones, now: now)
    }

    private static func series(of text: String, zones: ZoneDatabase) -> EventSeries? {
        guard let document = OwnItem.document(text),
            case .series(let series)? = ICalendarDocument(calendars: [document]).series(zones: zones).first
        else { return nil }
        return series
    }

    private struct Subject: Sendable {
        var item: OwnItem
        let calendar: CalendarRecord
        let profile: Profile
        var remoteCalendar: RemoteCalendarID { RemoteCalendarID(calendar.remoteID) }
    }

    /// Nil where nothing is left to write.
    private func subject(_ number: ItemNumber, of account: AccountID) async throws -> Subject? {
        try await profiles.accounts.database.read { session in
            guard let item = try OwnItem.find(number, of: account, in: session), item.pending > 0,
                let calendar = try ProfileStore.calendars(of: account, in: session).first(where: {
                    $0.number == item.calendar
                }),
                let profile = try ProfileStore.profile(calendar.profile, of: account, in: session)
            else { return nil }
            return Subject(item: item, calendar: calendar, profile: profile)
        }
    }

    private func write(
        _ subject: Subject, to provider: any CalendarProvider,
        fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws -> WriteReceipt? {
        let item = subject.item
        let id =
            item.remoteID.map { RemoteItemID($0) } ?? provider.newItemID(forUID: item.uid, in: subject.remoteCalendar)
        if item.isDeleted {
            try await delete(id, version: item.version, subject, provider)
            return nil
        }
        do {
            let precondition: WritePrecondition =
                item.remoteID == nil ? .absent : item.version.map { .version($0) } ?? .none
            guard precondition != .none else { throw RemoteFailure.conflict }
            return try await provider.put(item.body, at: id, in: subject.remoteCalendar, if: precondition)
        } catch RemoteFailure.conflict {
            return try await resolve(subject, at: id, provider, fence: fence)
        }
    }

    private func delete(
        _ id: RemoteItemID, version: String?, _ subject: Subject, _ provider: any CalendarProvider
    ) async throws(RemoteFailure) {
        do {
            try await provider.delete(id, in: subject.remoteCalendar, ifVersion: version)
        } catch RemoteFailure.conflict {
            // The application that manages the event decides that it ends, whatever was changed in it meanwhile.
            try await provider.delete(id, in: subject.remoteCalendar, ifVersion: nil)
        } catch RemoteFailure.gone {}
    }

    /// The provider has another text than the one we know: take both changes together and write that.
    private func resolve(
        _ subject: Subject, at id: RemoteItemID, _ provider: any CalendarProvider,
        fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws -> WriteReceipt {
        let item = subject.item
        guard let theirs = try await provider.item(id, in: subject.remoteCalendar) else {
            return try await provider.put(item.body, at: id, in: subject.remoteCalendar, if: .absent)
        }
        guard case .events(let series, let text) = theirs.content, let their = series.master,
            let ours = master(of: item.body), let document = OwnItem.document(text)
        else {
            return try await provider.put(
                item.body, at: id, in: subject.remoteCalendar, if: theirs.version.map { .version($0) } ?? .none)
        }
        let merged = EventMerge.merge(base: item.syncedBody.flatMap(master(of:)), ours: ours, theirs: their)
        if merged.event == their, let version = theirs.version { return WriteReceipt(id: id, version: version) }
        let now = profiles.accounts.now()
        let result = document.merging(merged.event, reminders: nil, stamp: now, zones: zones).icalendarText
        let receipt = try await provider.put(
            result, at: id, in: subject.remoteCalendar, if: theirs.version.map { .version($0) } ?? .none)
        try await store(
            result, isOutside: merged.event != ours, overruled: merged.overruled, of: subject, now: now, fence: fence)
        return receipt
    }

    private func store(
        _ text: String, isOutside: Bool, overruled: [String], of subject: Subject, now: Instant,
        fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws {
        guard let series = Self.series(of: text, zones: zones) else { return }
        let (account, zones) = (subject.profile.account, self.zones)
        try await profiles.accounts.database.write { session in
            try fence(session)
            let preparer = try Self.preparer(for: subject.calendar, zones: zones, now: now, session: session)
            guard let current = try OwnItem.find(subject.item.number, of: account, in: session),
                current.pending == subject.item.pending
            else { return }
            try OwnItemWriter(account: account, now: now, session: session)
                .merge(
                    current, with: series, text: text, preparer: preparer, isOutside: isOutside, overruled: overruled)
        }
    }

    private func settle(
        _ subject: Subject, _ receipt: WriteReceipt?, fence: @escaping @Sendable (any WriteSession) throws -> Void
    ) async throws -> Outcome {
        let (account, now, number) = (subject.profile.account, profiles.accounts.now(), subject.item.number)
        return try await profiles.accounts.database.write { session in
            try fence(session)
            try OwnItemWriter(account: account, now: now, session: session)
                .settle(subject.item, remoteID: receipt?.id.value, version: receipt?.version)
            let left = try OwnItem.find(number, of: account, in: session)?.pending ?? 0
            return left > 0 ? .again : .done
        }
    }

    private func master(of text: String) -> CalendarEvent? { Self.series(of: text, zones: zones)?.master }
}

extension OwnItem {
    /// What stands again after a refusal: the text before a deletion, or before an edit of an event that no application
    /// manages; nil where what the application asked for stays, marked as refused.
    fileprivate var textToRestore: String? {
        guard isDeleted || eventID == nil else { return nil }
        return syncedBody ?? (isDeleted ? body : nil)
    }
}

extension RemoteFailure {
    fileprivate var isWorthRetrying: Bool {
        switch self {
        case .refused, .gone: false
        default: true
        }
    }
}
