public import Accounts
public import Availability
public import CivilTime
public import StorageKit
import Synchronization

/// Answers questions of availability from packed busy time in memory. Each account's picture carries the version it was
/// read at; where anything was committed since, one query asks for all versions, and only what changed is read again.
public final class AvailabilityDesk: Sendable {
    private let accounts: AccountStore
    private let limits: QueryLimits
    private let zones: ZoneDatabase
    private let cache = Mutex<[AccountID: Held]>([:])
    private static let mostPictures = 20_000

    public init(accounts: AccountStore, limits: QueryLimits = .init(), zones: ZoneDatabase = .system) {
        (self.accounts, self.limits, self.zones) = (accounts, limits, zones)
    }

    /// A person in a question, and which of their events count.
    public struct Member: Hashable, Sendable {
        public var account: AccountID
        /// Nil: every calendar that counts; empty: none, so the person is never busy.
        public var calendars: Set<CalendarID>?
        public var open: [Period]?
        /// Only within the hours that the application keeps for the account.
        public var managed: ManagedChoice?
        public var onlyManagedEvents = false
        public var ignoresTentative = false
        public var bufferBefore: Int64?
        public var bufferAfter: Int64?
        /// Days and weeks that have their fill of these events are closed.
        public var eventLimits: [EventLimit] = []
        public init(account: AccountID) { self.account = account }
    }

    /// Which of an account's rules open its time; its available periods always do.
    public enum ManagedChoice: Hashable, Sendable {
        case allRules
        case rules(Set<String>)
    }

    /// An event left out of the question, such as the one that is being moved.
    public enum ExcludedEvent: Hashable, Sendable {
        case managed(eventID: String)
        case item(ItemNumber)
    }

    /// The members of a question about `windows` as the engine takes them, as of `mark` or later.
    public func members(
        _ members: [Member], client: ClientID, within windows: [Period], excluding excluded: Set<ExcludedEvent> = [],
        at mark: CommitMark? = nil
    ) async throws -> [AvailabilityQuery.Member] {
        let pictures = try await pictures(of: members.map(\.account), at: mark)
        let windows = windows.united
        return zip(members, pictures).map { member, held in
            var member = member
            if let choice = member.managed {
                let hours = held?.picture.openHours[client] ?? OpenHours()
                member.open = hours.open(choice, and: member.open, within: windows, limits: limits)
                member.calendars = member.calendars ?? hours.calendars(choice)
            }
            if !member.eventLimits.isEmpty, let held {
                let full = held.picture.full(for: member, client: client, excluding: excluded)
                member.open = (member.open?.united ?? windows).subtracting(full)
            }
            let busy = held?.picture.busy(for: member, client: client, excluding: excluded) ?? BusyIntervals()
            return AvailabilityQuery.Member(
                busy: busy, open: member.open, bufferBefore: member.bufferBefore,
                bufferAfter: member.bufferAfter)
        }
    }

    /// How each account's calendars stand.
    public func statuses(of accounts: [AccountID]) async throws -> [AccountID: SyncStatus] {
        let pictures = try await pictures(of: accounts)
        return zip(accounts, pictures).reduce(into: [:]) { $0[$1.0] = $1.1?.picture.status }
    }

    /// When the picture of an account was last in step with all its calendars; nil where one was never read.
    public func freshness(of account: AccountID) async throws -> Instant? {
        try await pictures(of: [account])[0]?.picture.oldestSync
    }

    public enum SyncStatus: String, Hashable, Sendable { case active, pending, disconnected }

    /// A picture as one reference, since a question of hundreds of people hands as many around.
    private final class Shared: Sendable {
        let picture: BusyPicture
        init(_ picture: BusyPicture) { self.picture = picture }
    }

    /// A picture, and a mark of the database at which it was right.
    private struct Held {
        var shared: Shared
        var mark: CommitMark
    }

    /// The picture of each account in turn; nil where there is no such account.
    private func pictures(
        of ids: [AccountID], at mark: CommitMark? = nil
    ) async throws -> [Shared?] {
        // Older than what is read: what is committed meanwhile only has it looked at again.
        let mark = if let mark { mark } else { try await accounts.database.mark() }
        let held = cache.withLock { cache in ids.map { cache[$0] } }
        let pictures = held.map { $0?.shared }
        let doubtful = ids.indices.filter { held[$0]?.mark != mark }
        if doubtful.isEmpty { return pictures }
        let (zones, now) = (self.zones, accounts.now())
        let known = Dictionary(doubtful.map { (ids[$0], pictures[$0]) }) { first, _ in first }
        let read = try await accounts.database.read { session in
            var fresh: [AccountID: Held] = [:]
            for (id, version) in try AccountStore.versions(of: known.keys, in: session) {
                let known = known[id].flatMap { $0?.picture.version == version ? $0 : nil }
                let read =
                    try known
                    ?? Shared(BusyPicture(of: id, version: version, zones: zones, now: now, in: session))
                fresh[id] = Held(shared: read, mark: mark)
            }
            return fresh
        }
        cache.withLock { cache in
            if cache.count + read.count > Self.mostPictures { cache.removeAll() }
            cache.merge(read) { $0.shared.picture.version > $1.shared.picture.version ? $0 : $1 }
        }
        return zip(ids, pictures).map { id, picture in read[id]?.shared ?? picture }
    }
}

/// One account's busy time, packed, as of one version.
struct BusyPicture: Sendable {
    let version: Int64
    let status: AvailabilityDesk.SyncStatus
    let oldestSync: Instant?
    let openHours: [ClientID: OpenHours]
    /// The person's own.
    private let zone: Zone
    /// Seconds back for which busy time is held: 42 days, as far as questions are meaningful, and one more.
    private static let reach: Int64 = 43 * 86_400
    private let calendars: [Int64: CalendarID]
    private let counted: Set<Int64>
    /// Calendars never read to the end: nothing is known of them, and doubt means busy.
    private let unread: Set<Int64>
    /// Per calendar that holds series: until when their occurrences are known.
    private let knownUntil: [Int64: Int64]
    private let starts: [Int64]
    private let ends: [Int64]
    private let origins: [Int64]
    private let items: [Int64]
    private let weights: [UInt8]
    private let owners: [Int64: (client: String?, eventID: String?)]
    /// The answer to most questions, ready: everything in the calendars that count.
    private var ordinary = BusyIntervals()

    init(
        of account: AccountID, version: Int64, zones: ZoneDatabase, now: Instant, in session: any ReadSession
    ) throws {
        self.version = version
        openHours = try OpenHours.all(of: account, zones: zones, in: session)
        let name = try session.first(
            "SELECT zone FROM accounts WHERE account_id = ?", [.text(account.value)], { try $0.text(0) })
        zone = name.flatMap { zones.zone(ZoneID($0)) } ?? .utc
        let records = try ProfileStore.calendars(of: account, in: session).filter { !$0.isDeleted }
        let profiles = try ProfileStore.profiles(of: account, in: session)
        calendars = Dictionary(uniqueKeysWithValues: records.map { ($0.number.value, $0.id) })
        counted = Set(records.filter(\.isCounted).map(\.number.value))
        unread = Set(records.filter { $0.syncedAt == nil }.map(\.number.value))
        let isDisconnected = profiles.contains { $0.connection.state == .disconnected }
        status = isDisconnected ? .disconnected : unread.isEmpty ? .active : .pending
        let syncs = records.filter(\.isCounted).map(\.syncedAt)
        oldestSync = syncs.contains { $0 == nil } ? nil : syncs.compactMap { $0 }.min()
        var knownUntil: [Int64: Int64] = [:]
        try session.forEach(
            """
            SELECT calendar, window_end FROM calendars WHERE account_id = ? AND window_end IS NOT NULL AND calendar IN
            (SELECT calendar FROM items WHERE account_id = ? AND repeats = 1 AND deleted = 0)
            """, [.text(account.value), .text(account.value)]
        ) { knownUntil[try $0.integer(0)] = try $0.integer(1) }
        self.knownUntil = knownUntil
        var columns = (starts: [Int64](), ends: [Int64](), origins: [Int64](), items: [Int64](), weights: [UInt8]())
        try session.forEach(
            """
            SELECT start_at, end_at, calendar, item, weight FROM occurrences
            WHERE account_id = ? AND deleted = 0 AND weight > 0 AND end_at > ? ORDER BY start_at
            """, [.text(account.value), .integer(now.seconds - Self.reach)]
        ) { row in
            columns.starts.append(try row.integer(0))
            columns.ends.append(try row.integer(1))
            columns.origins.append(try row.integer(2))
            columns.items.append(try row.integer(3))
            columns.weights.append(UInt8(truncatingIfNeeded: try row.integer(4)))
        }
        (starts, ends, origins) = (columns.starts, columns.ends, columns.origins)
        (items, weights) = (columns.items, columns.weights)
        var owners: [Int64: (client: String?, eventID: String?)] = [:]
        try session.forEach(
            "SELECT item, client_id, event_id FROM items WHERE account_id = ? AND event_id IS NOT NULL",
            [.text(account.value)]
        ) { owners[try $0.integer(0)] = (try $0.optionalText(1), try $0.optionalText(2)) }
        self.owners = owners
        ordinary = BusyIntervals(
            pieces(for: .init(account: account), client: ClientID(""), excluding: []))
    }

    /// What counts for `member`.
    func busy(
        for member: AvailabilityDesk.Member, client: ClientID, excluding: Set<AvailabilityDesk.ExcludedEvent>
    ) -> BusyIntervals {
        let isOrdinary = member.calendars == nil && !member.onlyManagedEvents && !member.ignoresTentative
        return isOrdinary && excluding.isEmpty
            ? ordinary : BusyIntervals(pieces(for: member, client: client, excluding: excluding))
    }

    /// The days and weeks in which `member` has as many events as they take on.
    func full(
        for member: AvailabilityDesk.Member, client: ClientID, excluding: Set<AvailabilityDesk.ExcludedEvent>
    ) -> [Period] {
        let starts = pieces(for: member, client: client, excluding: excluding).filter { $0.tag >= 0 }.map(\.start)
        return member.eventLimits.flatMap { $0.full(starts: starts, ownZone: zone) }.united
    }

    /// The pieces that count for `member`; a calendar that was never read to its end is busy throughout.
    private func pieces(
        for member: AvailabilityDesk.Member, client: ClientID, excluding: Set<AvailabilityDesk.ExcludedEvent>
    ) -> [BusyIntervals.Piece] {
        let chosen = Set(
            calendars.filter { number, id in
                member.calendars?.contains(id) ?? counted.contains(number)
            }.map(\.key))
        if !member.onlyManagedEvents, !chosen.isDisjoint(with: unread) {
            // From and to the ends of the calendar, so that buffers cannot overflow.
            return [.init(start: -62_135_596_800, end: 253_402_300_799, tag: -1)]
        }
        var pieces: [BusyIntervals.Piece] = []
        // Series go on where nobody has looked yet: doubt means busy.
        if !member.onlyManagedEvents, let end = chosen.compactMap({ knownUntil[$0] }).min() {
            pieces.append(.init(start: end, end: 253_402_300_799, tag: -1))
        }
        for index in starts.indices where chosen.contains(origins[index]) {
            if member.ignoresTentative && weights[index] == 1 { continue }
            let owner = owners[items[index]]
            if member.onlyManagedEvents && owner?.client != client.value { continue }
            if !excluding.isEmpty {
                if excluding.contains(.item(ItemNumber(items[index]))) { continue }
                if let id = owner?.eventID, owner?.client == client.value, excluding.contains(.managed(eventID: id)) {
                    continue
                }
            }
            pieces.append(.init(start: starts[index], end: ends[index], tag: Int32(truncatingIfNeeded: index)))
        }
        return pieces
    }
}
