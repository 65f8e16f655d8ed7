import Accounts
import CivilTime
import ICalendar
import ProviderKit
import StorageKit
import Sync

/// Runs the sync machine for the calendars of one profile.
struct CalendarSync: Sendable {
    let profiles: ProfileStore
    let provider: any CalendarProvider
    let zones: ZoneDatabase
    let profile: Profile
    let fence: @Sendable (any WriteSession) throws -> Void
    let progress: @Sendable (SyncProgress) -> Void

    private var database: any Database { profiles.accounts.database }

    /// Brings a calendar in step and returns the seconds its provider wants us to wait, if it said. A calendar that is
    /// refused or gone is marked and does not stop the others; every other failure concerns the whole profile.
    func run(_ state: SyncState, tag: String?) async throws -> Int64? {
        do {
            guard needsReading(state, tag: tag) else {
                try await confirm(state)
                return nil
            }
            return try await read(state, tag: tag)
        } catch let failure as RemoteFailure {
            guard case .gone = failure else {
                guard case .refused(_, let reason) = failure else { throw failure }
                try await markIncomplete(state, reason: reason)
                return nil
            }
            try await markIncomplete(state, reason: "The calendar is no longer there.")
            return nil
        }
    }

    private func needsReading(_ state: SyncState, tag: String?) -> Bool {
        guard let tag, tag == state.changeTag, state.memory.cursor != nil, !state.memory.isReadingAll,
            let readAt = state.readAt
        else { return true }
        return profiles.accounts.now().seconds - readAt.seconds >= ProfileSync.reconcileAfter
    }

    private func read(_ state: SyncState, tag: String?) async throws -> Int64? {
        let account = profile.account
        var machine = SyncMachine(memory: state.memory)
        let known = try await database.read {
            try SyncState.itemCount(in: state.calendar, of: account, session: $0)
        }
        let preparer = try await preparer(for: state)
        var actions = machine.handle(.start(known: known))
        var page: ChangePage?
        var (items, bytes) = (0, 0)
        while let action = actions.first {
            switch action {
            case .fetch(let cursor):
                do {
                    let fetched = try await fetch(state, since: cursor)
                    page = fetched
                    items += fetched.changed.count
                    bytes += fetched.bytes
                    actions = machine.handle(.page(.init(fetched)))
                } catch {
                    actions = machine.handle(.failed(error))
                }
            case .apply(let memory, let sweep, let isLast):
                if let fetched = page {
                    try await apply(
                        preparer.prepare(fetched), to: state, memory: memory, sweep: sweep, isLast: isLast, tag: tag)
                }
                progress(SyncProgress(calendar: state.name, items: items, bytes: bytes))
                actions = machine.handle(.applied)
            case .finish(let pollAfter):
                return pollAfter?.components.seconds
            case .stop(let failure):
                throw failure
            }
        }
        return nil
    }

    private func fetch(_ state: SyncState, since cursor: SyncCursor?) async throws(RemoteFailure) -> ChangePage {
        let (database, account) = (self.database, profile.account)
        return try await provider.changes(in: state.remoteID, since: cursor) { ids in
            try await database.read {
                try SyncState.versions(of: ids, in: state.calendar, of: account, session: $0)
            }
        }
    }

    private func apply(
        _ page: PreparedPage, to state: SyncState, memory: SyncMachine.Memory, sweep: Bool, isLast: Bool, tag: String?
    ) async throws {
        let (account, fence, now) = (profile.account, self.fence, profiles.accounts.now())
        guard let window = SyncWindow(around: now) else { return }
        try await database.write { session in
            try fence(session)
            let applier = PageApplier(
                account: account, calendar: state.calendar, generation: memory.generation, now: now, session: session)
            let changes = try applier.apply(page, sweep: sweep)
            try SyncState.save(
                memory, of: state.calendar, account: account, isLast: isLast, changeTag: tag,
                windowEnd: window.period.end, now: now, in: session)
            if !changes.isNothing || isLast && state.syncedAt == nil {
                try AccountStore.touch(account, in: session)
            }
        }
    }

    private func preparer(for state: SyncState) async throws -> ItemPreparer {
        let id = profile.account
        let (account, addresses) = try await profiles.accounts.database.read { session in
            (try AccountStore.account(id, in: session), try ProfileStore.addresses(of: id, in: session))
        }
        return try ItemPreparer(
            zoneNames: [state.zoneName, account?.zone.name], owner: addresses, zones: zones,
            now: profiles.accounts.now())
    }

    private func confirm(_ state: SyncState) async throws {
        let (account, fence, now) = (profile.account, self.fence, profiles.accounts.now())
        try await database.write { session in
            try fence(session)
            try SyncState.confirm(state.calendar, of: account, now: now, in: session)
        }
    }

    private func markIncomplete(_ state: SyncState, reason: String) async throws {
        let (account, fence) = (profile.account, self.fence)
        try await database.write { session in
            try fence(session)
            try SyncState.markIncomplete(state.calendar, of: account, reason: reason, in: session)
            try AccountStore.touch(account, in: session)
        }
    }
}

extension SyncMachine.PageSummary {
    fileprivate init(_ page: ChangePage) {
        self.init(
            named: page.changed.count + page.unchanged.count, isComplete: page.isComplete, next: page.next)
    }
}
