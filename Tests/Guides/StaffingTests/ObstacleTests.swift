import CivilTime
import Staffing
import Testing
import Trips

@Suite("Why a guide cannot run a trip")
struct ObstacleTests {
    private let rules: StaffingRules = {
        var policy = StaffingPolicy()
        (policy.turnaroundMinutes, policy.restDays) = (60, 2)
        return StaffingRules(policy: policy, drives: DriveTimes([("River", "Wall", 90)]))
    }()

    private func obstacles(
        _ guide: GuidePicture, _ span: TripSpan, _ need: CrewNeed = Sample.lead
    ) -> [Obstacle] {
        guide.obstacles(to: span, filling: need, under: rules)
    }

    private func guide(
        _ qualifications: [Qualification] = [], busy: [BusyTime] = [], trips: [CrewTrip] = [],
        roles: Set<CrewRole> = [.lead, .assist], isActive: Bool = true, presence: Presence = .always
    ) -> GuidePicture {
        GuidePicture(
            id: PersonID("per_ana"), name: "Ana", isActive: isActive, roles: roles,
            qualifications: qualifications,
            presence: presence, busy: busy, trips: trips)
    }

    @Test("nobody is kept by nothing")
    func free() throws {
        #expect(obstacles(guide(), try Sample.trip(1, days: 3)).isEmpty)
    }

    @Test("membership and roles")
    func membership() throws {
        let span = try Sample.trip(1)
        #expect(obstacles(guide(isActive: false), span) == [.notMember])
        let trainee = CrewNeed(role: .trainee, count: 1)
        #expect(obstacles(guide(), span, trainee) == [.roleNotTaken(.trainee)])
    }

    @Test("a certificate must hold through the last day")
    func certificates() throws {
        let need = CrewNeed(role: .lead, count: 1, qualifications: ["wfr"])
        let span = try Sample.trip(1, days: 5)
        func with(_ from: Int?, _ through: Int?) -> [Obstacle] {
            let held = Qualification(
                kind: "wfr", validFrom: from.map(Sample.day), validThrough: through.map(Sample.day))
            return obstacles(guide([held]), span, need)
        }
        #expect(with(nil, nil).isEmpty)
        #expect(with(1, 5).isEmpty)
        #expect(with(nil, 3) == [.qualificationEnds("wfr", on: Sample.day(3), day: 3)])
        #expect(with(nil, 3).map { $0.sentence(in: Sample.zone) } == ["wfr ends on day 3, 3 Jul"])
        #expect(with(nil, -3).map { $0.sentence(in: Sample.zone) } == ["wfr ended on 27 Jun"])
        #expect(with(2, nil) == [.qualificationBegins("wfr", on: Sample.day(2), day: 2)])
        #expect(obstacles(guide(), span, need) == [.lacksQualification("wfr")])
    }

    @Test("busy time by source, and tentative time by policy")
    func busyTime() throws {
        let span = try Sample.trip(2, days: 2)
        func codes(_ row: BusyTime, tentativeBlocks: Bool = true) -> [String] {
            var rules = rules
            rules.policy.tentativeBlocks = tentativeBlocks
            return guide(busy: [row]).obstacles(to: span, filling: Sample.lead, under: rules).map(\.code)
        }
        let (from, to) = (Sample.at(2, 12), Sample.at(2, 13))
        #expect(codes(Sample.busy(from, to)) == ["calendar-busy"])
        #expect(codes(Sample.busy(from, to, .manual)) == ["blocked"])
        #expect(codes(Sample.busy(from, to, tentative: true)) == ["calendar-tentative"])
        #expect(codes(Sample.busy(from, to, tentative: true), tentativeBlocks: false).isEmpty)
        // Half-open: what ends when the trip starts does not touch it.
        #expect(codes(Sample.busy(Sample.at(2, 7), Sample.at(2, 8))).isEmpty)
        #expect(codes(Sample.busy(Sample.at(3, 17), Sample.at(3, 18))).isEmpty)
        #expect(codes(Sample.busy(Sample.at(2, 7), Sample.at(2, 8, 1))) == ["calendar-busy"])
    }

    @Test("a long event is found behind many short ones")
    func longEvents() throws {
        let short = (2...20).map { Sample.busy(Sample.at($0, 9), Sample.at($0, 10)) }
        let long = Sample.busy(Sample.at(1, 0), Sample.at(25, 0), .manual)
        #expect(obstacles(guide(busy: short + [long]), try Sample.trip(22)).map(\.code) == ["blocked"])
    }

    @Test("a private row says nothing but that it is there")
    func masking() throws {
        let span = try Sample.trip(2)
        let (from, to) = (Sample.at(1, 3), Sample.at(9, 3))
        let asked = span.period
        for source in GuideAvailability.Source.allCases {
            for tentative in [false, true] {
                let row = Sample.busy(from, to, source, tentative: tentative, .private)
                let found = obstacles(guide(busy: [row]), span)
                #expect(found.map(\.code) == ["busy"])
                #expect(
                    found.map { $0.sentence(in: Sample.zone) } == [
                        "is not available from 2 Jul 08:00 to 17:00"
                    ])
                guard case .busy(let seen) = found.first else { return }
                #expect(seen.period == asked && seen.reference == nil)
            }
        }
        // The control: to those who may see detail, a row has its id; to others, its times only.
        for (visibility, reference) in [
            (GuideAvailability.Visibility.detail, "row_secret"), (.busy, nil),
        ] {
            guard
                case .busy(let seen) = obstacles(
                    guide(busy: [Sample.busy(from, to, .manual, visibility)]), span
                ).first
            else {
                Issue.record("no busy time was found")
                return
            }
            #expect(seen.reference == reference && seen.period.start == from)
        }
    }

    @Test("other trips: the same one, overlap, turnaround, the road")
    func otherTrips() throws {
        func found(_ other: TripSpan, _ span: TripSpan) -> [Obstacle] {
            obstacles(guide(trips: [Sample.on(other)]), span)
        }
        let span = try Sample.trip(5, from: 12, to: 17, id: "trp_new")
        #expect(found(span, span) == [.alreadyOnTrip("trp_new")])
        let over = try Sample.trip(5, from: 8, to: 13, id: "trp_1")
        #expect(found(over, span) == [.onTrip("trp_1", over.period)])
        let near = try Sample.trip(5, from: 8, to: 12, id: "trp_1")
        #expect(found(near, span) == [.turnaround("trp_1", minutes: 0, needed: 60)])
        let hour = try Sample.trip(5, from: 8, to: 11, id: "trp_1")
        #expect(found(hour, span).isEmpty)
        let away = try Sample.trip(5, from: 8, to: 11, at: Sample.wall, id: "trp_1")
        #expect(found(away, span) == [.drive("trp_1", minutes: 60, needed: 150)])
        // The same on the other side.
        #expect(found(span, away) == [.drive("trp_new", minutes: 60, needed: 150)])
    }

    @Test("rest days lie between trips of several days, and a short trip uses one up")
    func rest() throws {
        let first = Sample.on(try Sample.trip(1, days: 3, id: "trp_1"))
        #expect(
            obstacles(guide(trips: [first]), try Sample.trip(5, days: 2)).map(\.code) == ["rest-days"])
        #expect(obstacles(guide(trips: [first]), try Sample.trip(6, days: 2)).isEmpty)
        #expect(obstacles(guide(trips: [first]), try Sample.trip(4)).isEmpty)
        let second = Sample.on(try Sample.trip(6, days: 2, id: "trp_2"))
        #expect(
            obstacles(guide(trips: [first, second]), try Sample.trip(4))
                == [.restDays("trp_1", days: 1, needed: 2)])
        let short = Sample.on(try Sample.trip(5, id: "trp_3"))
        #expect(
            obstacles(guide(trips: [first, short]), try Sample.trip(6, days: 2)).map(\.code) == [
                "rest-days"
            ])
        #expect(obstacles(guide(trips: [first, short]), try Sample.trip(7, days: 2)).isEmpty)
    }

    @Test("seasons turn the default around, and rows open time again")
    func seasons() throws {
        let summer = Presence.Season(
            firstDay: Sample.day(5), lastDay: Sample.day(20), isAvailable: true)
        let pause = Presence.Season(
            firstDay: Sample.day(10), lastDay: Sample.day(11), isAvailable: false)
        func away(_ presence: Presence, _ first: Int, _ days: Int = 1) throws -> Bool {
            try obstacles(guide(presence: presence), Sample.trip(first, days: days)).map(\.code) == [
                "out-of-season"
            ]
        }
        let within = Presence(byDefault: false, seasons: [summer, pause], in: Sample.zone)
        #expect(try away(within, 4) && away(within, 21) && away(within, 10) && away(within, 9, 2))
        #expect(
            try !away(within, 5) && !away(within, 20) && !away(within, 12, 9) && !away(within, 5, 5))
        let opened = Period(from: Sample.at(21, 0), to: Sample.at(22, 0)).map { [$0] } ?? []
        let longer = Presence(byDefault: false, seasons: [summer], opened: opened, in: Sample.zone)
        #expect(try !away(longer, 20, 2) && away(longer, 21, 2))
        let except = Presence(byDefault: true, seasons: [pause], in: Sample.zone)
        #expect(try away(except, 11) && !away(except, 12) && !away(except, 9) && away(except, 9, 2))
    }

    @Test("every reason is told at once")
    func all() throws {
        let need = CrewNeed(role: .lead, count: 1, qualifications: ["wfr", "raft-4"])
        let other = Sample.on(try Sample.trip(1, days: 2, id: "trp_1"))
        let row = Sample.busy(Sample.at(1, 9), Sample.at(1, 10))
        let found = obstacles(
            guide(busy: [row, row], trips: [other], roles: [.assist]), try Sample.trip(1), need)
        #expect(
            found.map(\.code) == [
                "role-not-taken", "qualification-missing", "qualification-missing", "calendar-busy",
                "on-trip",
            ])
    }
}
