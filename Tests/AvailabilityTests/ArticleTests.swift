import Availability
import CivilTime
import Testing

@Suite("The article's example")
struct ArticleTests {
    @Test("answers as the article says")
    func example() throws {
        let nine: Int64 = 1_932_886_800
        func hour(_ number: Int64) -> Instant { Instant(seconds: nine + number * 3600) }
        #expect(hour(0).description == "2031-04-02T09:00:00Z")
        let ana = BusyIntervals([.init(start: nine, end: nine + 3600, tag: 7)])
        let ben = BusyIntervals([.init(start: nine, end: nine + 2 * 3600, tag: 8)])
        let boat = BusyIntervals([.init(start: nine + 2 * 3600, end: nine + 3 * 3600, tag: 9)])

        let morning = try #require(Period(from: hour(0), to: hour(4)))
        var query = AvailabilityQuery(
            members: [.init(busy: ana), .init(busy: ben), .init(busy: boat)],
            groups: [.init(required: .count(1), members: [0, 1]), .init(required: .all, members: [2])],
            duration: 3600, windows: .periods([morning]), format: .slots)
        query.startInterval = 1800
        let engine = try AvailabilityEngine(query)

        #expect(engine.starts() == [hour(1), hour(3)])
        #expect(engine.answer().entries[0].participants == [0, 2])
        #expect(
            engine.refusals(at: hour(2)) == [
                .groupShort(group: 1, available: 0, needed: 1), .busy(member: 2, tag: 9),
            ])
        let nearest = engine.nearest(to: hour(2))
        #expect(nearest.before == hour(1) && nearest.after == hour(3))
    }
}
