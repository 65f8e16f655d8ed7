import ProviderKit
import Sync
import Testing

@Suite("The sync machine")
struct SyncMachineTests {
    private let done = ChangePage.Next.done(SyncCursor("end"), pollAfter: nil)

    @Test("sweeps only with the last page of a read that named everything")
    func wholeRead() {
        var machine = SyncMachine(memory: .init())
        #expect(machine.handle(.start(known: 5)) == [.fetch(since: nil)])
        let first = machine.handle(.page(.init(named: 3, isComplete: true, next: .more(SyncCursor("half")))))
        var memory = SyncMachine.Memory(cursor: SyncCursor("half"), isReadingAll: true, generation: 1)
        #expect(first == [.apply(memory: memory, sweep: false, isLast: false)])
        #expect(machine.handle(.applied) == [.fetch(since: SyncCursor("half"))])
        memory = .init(cursor: SyncCursor("end"), isReadingAll: false, generation: 1)
        #expect(
            machine.handle(.page(.init(named: 1, isComplete: true, next: done)))
                == [.apply(memory: memory, sweep: true, isLast: true)])
        #expect(machine.handle(.applied) == [.finish(pollAfter: nil)])
    }

    @Test("goes on from its last page after the process was killed")
    func resumed() {
        var machine = SyncMachine(
            memory: .init(cursor: SyncCursor("half"), isReadingAll: true, generation: 4))
        #expect(machine.handle(.start(known: 3)) == [.fetch(since: SyncCursor("half"))])
        let memory = SyncMachine.Memory(cursor: SyncCursor("end"), isReadingAll: false, generation: 4)
        #expect(
            machine.handle(.page(.init(named: 2, isComplete: true, next: done)))
                == [.apply(memory: memory, sweep: true, isLast: true)])
    }

    @Test("never sweeps on a read of changes")
    func incremental() {
        var machine = SyncMachine(memory: .init(cursor: SyncCursor("a"), generation: 2))
        _ = machine.handle(.start(known: 9))
        let memory = SyncMachine.Memory(cursor: SyncCursor("end"), generation: 2)
        #expect(
            machine.handle(.page(.init(named: 0, isComplete: false, next: done)))
                == [.apply(memory: memory, sweep: false, isLast: true)])
    }

    @Test("believes that everything is gone only the second time")
    func suddenlyEmpty() {
        var machine = SyncMachine(memory: .init())
        _ = machine.handle(.start(known: 9))
        var memory = SyncMachine.Memory(cursor: nil, generation: 1, emptyReads: 1)
        let empty = SyncMachine.Event.page(.init(named: 0, isComplete: true, next: done))
        #expect(machine.handle(empty) == [.apply(memory: memory, sweep: false, isLast: true)])
        var again = SyncMachine(memory: memory)
        _ = again.handle(.start(known: 9))
        memory = .init(cursor: SyncCursor("end"), generation: 2, emptyReads: 0)
        #expect(again.handle(empty) == [.apply(memory: memory, sweep: true, isLast: true)])
    }

    @Test("starts over once when the cursor has expired, and deletes nothing by that")
    func expired() {
        var machine = SyncMachine(memory: .init(cursor: SyncCursor("old"), generation: 2))
        _ = machine.handle(.start(known: 9))
        #expect(machine.handle(.failed(.cursorExpired)) == [.fetch(since: nil)])
        #expect(machine.handle(.failed(.cursorExpired)) == [.stop(.cursorExpired)])
    }

    @Test("does nothing on an event that does not belong to its phase")
    func outOfPhase() {
        var machine = SyncMachine(memory: .init())
        #expect(machine.handle(.applied).isEmpty)
        #expect(machine.handle(.page(.init(named: 1, isComplete: true, next: done))).isEmpty)
    }
}
