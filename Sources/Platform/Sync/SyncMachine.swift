public import ProviderKit

/// Decides how one calendar is brought in step, for every provider alike. A value: what happened goes in, what to do
/// comes out; `memory` is stored in the transaction of each page, so a process that is killed anywhere goes on from
/// its last page.
///
/// Nothing is deleted on a partial read: items are swept only with the last page of a read that named everything.
public struct SyncMachine: Hashable, Sendable {
    /// What outlives the process.
    public struct Memory: Hashable, Sendable {
        /// Where the next read begins; nil asks for everything.
        public var cursor: SyncCursor?
        /// A read that names everything is under way; items it has named carry `generation`.
        public var isReadingAll: Bool
        public var generation: Int64
        /// How often in a row a whole read named nothing although something is known.
        public var emptyReads: Int64

        public init(cursor: SyncCursor? = nil, isReadingAll: Bool = false, generation: Int64 = 0, emptyReads: Int64 = 0)
        {
            (self.cursor, self.isReadingAll) = (cursor, isReadingAll)
            (self.generation, self.emptyReads) = (generation, emptyReads)
        }
    }

    public enum Event: Hashable, Sendable {
        /// `known` is how many items are held as existing.
        case start(known: Int)
        case page(PageSummary)
        case applied
        case failed(RemoteFailure)
    }

    /// What the machine needs to know of a page.
    public struct PageSummary: Hashable, Sendable {
        public var named: Int
        public var isComplete: Bool
        public var next: ChangePage.Next
        public init(named: Int, isComplete: Bool, next: ChangePage.Next) {
            (self.named, self.isComplete, self.next) = (named, isComplete, next)
        }
    }

    public enum Action: Hashable, Sendable {
        case fetch(since: SyncCursor?)
        /// Write the page with `memory`, all in one transaction. `sweep`: what this generation did not name is gone.
        case apply(memory: Memory, sweep: Bool, isLast: Bool)
        case finish(pollAfter: Duration?)
        case stop(RemoteFailure)
    }

    public private(set) var memory: Memory
    private var phase = Phase.idle
    private var known = 0
    private var named = 0
    private var hasStartedOver = false

    private enum Phase: Hashable, Sendable {
        case idle, fetching
        case applying(ChangePage.Next)
    }

    public init(memory: Memory) { self.memory = memory }

    public mutating func handle(_ event: Event) -> [Action] {
        switch (phase, event) {
        case (.idle, .start(let known)):
            self.known = known
            phase = .fetching
            return [.fetch(since: memory.cursor)]
        case (.fetching, .page(let page)):
            return receive(page)
        case (.applying(.more(let cursor)), .applied):
            phase = .fetching
            return [.fetch(since: cursor)]
        case (.applying(.done(_, let pollAfter)), .applied):
            phase = .idle
            return [.finish(pollAfter: pollAfter)]
        case (.fetching, .failed(.cursorExpired)) where !hasStartedOver:
            // Start over with a full read, once; what is held stays until that read is complete.
            hasStartedOver = true
            (memory.cursor, memory.isReadingAll, named) = (nil, false, 0)
            return [.fetch(since: nil)]
        case (.fetching, .failed(let failure)):
            phase = .idle
            return [.stop(failure)]
        default:
            // An event that does not belong to the phase is a fault of the caller; nothing is done on doubt.
            return []
        }
    }

    private mutating func receive(_ page: PageSummary) -> [Action] {
        if page.isComplete && !memory.isReadingAll {
            memory.isReadingAll = true
            memory.generation &+= 1  // Cannot wrap: one per whole read.
            named = 0
        }
        named &+= page.named  // Bounded by the items of one calendar.
        phase = .applying(page.next)
        switch page.next {
        case .more(let cursor):
            memory.cursor = cursor
            return [.apply(memory: memory, sweep: false, isLast: false)]
        case .done(let cursor, _):
            return [finishReading(cursor)]
        }
    }

    /// The last page. A whole read that names nothing although items are known is believed only the second time.
    private mutating func finishReading(_ cursor: SyncCursor) -> Action {
        let isSuspect = memory.isReadingAll && named == 0 && known > 0 && memory.emptyReads == 0
        let sweep = memory.isReadingAll && !isSuspect
        memory.emptyReads = isSuspect ? 1 : 0
        memory.isReadingAll = false
        memory.cursor = isSuspect ? nil : cursor
        return .apply(memory: memory, sweep: sweep, isLast: true)
    }
}
