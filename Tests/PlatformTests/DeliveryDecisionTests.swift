import CivilTime
import Notifications
import Testing

@Suite("When notifications are tried again, and who may be sent to at once")
struct DeliveryDecisionTests {
    static let start = Instant(seconds: 1_000_000)

    private func decide(
        _ failures: Int64, after seconds: Int64, retryAfter: Int64? = nil, spread: Double = 0.5
    ) -> RetrySchedule.Decision {
        RetrySchedule.decide(
            failures: failures, since: Self.start, now: Instant(seconds: Self.start.seconds + seconds),
            retryAfter: retryAfter, spread: spread)
    }

    @Test("pauses double up to an hour, and differ by a half")
    func backoff() {
        #expect(
            (1...12).map { decide($0, after: 0) }
                == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600].map { .again(after: $0) })
        #expect(decide(4, after: 0, spread: 0) == .again(after: 30))
        #expect(decide(4, after: 0, spread: 1) == .again(after: 50))
        #expect(decide(.max, after: 0) == .again(after: 3600))
    }

    @Test("what the receiver asks for lengthens a pause and never shortens it")
    func retryAfter() {
        #expect(decide(1, after: 0, retryAfter: 120) == .again(after: 120))
        #expect(decide(5, after: 0, retryAfter: 1) == .again(after: 80))
    }

    @Test("the last try is at the end of the day, and none after it")
    func end() {
        #expect(decide(20, after: 86_399, retryAfter: 999_999) == .again(after: 1))
        #expect(decide(20, after: 86_400) == .giveUp)
        #expect(decide(20, after: 90_000) == .giveUp)
    }

    @Test("a destination has few slots, one that fails has one")
    func perDestination() {
        var slots = DeliverySlots(total: 10, perDestination: 2)
        #expect(Self.taken(3, "a", &slots) == [true, true, false])
        #expect(slots.saturated == ["a"])
        slots.release("a", succeeded: false)
        #expect(Self.taken(1, "a", &slots) == [false])
        slots.release("a", succeeded: true)
        #expect(Self.taken(2, "a", &slots) == [true, true])
    }

    private static func taken(_ count: Int, _ destination: String, _ slots: inout DeliverySlots) -> [Bool] {
        (0..<count).map { _ in slots.take(destination, hasFailed: false) }
    }

    @Test("however many destinations fail, half of the slots stay for those that live")
    func manyDead() {
        var slots = DeliverySlots(total: 10, perDestination: 2)
        let taken = (0..<100).filter { slots.take("dead \($0)", hasFailed: true) }
        #expect(taken.count == 5)
        let living = (0..<100).filter { slots.take("live \($0)", hasFailed: false) }
        #expect(living.count == 5)
        #expect(slots.isFull)
    }
}
