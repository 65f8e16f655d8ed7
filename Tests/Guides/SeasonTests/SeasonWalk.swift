import CivilTime
import Season
import Testing
import Trips

/// Random numbers that a seed repeats.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// Does one thing after another to a season; what the season refuses in words is no fault.
struct SeasonWalk {
    let world: SeasonWorld
    var random: SplitMix
    private var trips: [TripID] = []
    private var parties: [PartyID] = []
    private var assignments: [(id: AssignmentID, guide: PersonID)] = []
    /// How often each thing was done, refusals apart.
    private(set) var done: [String: Int] = [:]

    init(world: SeasonWorld, random: SplitMix) { (self.world, self.random) = (world, random) }

    mutating func step() async throws {
        let name = Self.actions[Int.random(in: 0..<Self.actions.count, using: &random)]
        do {
            if try await act(name) { done[name, default: 0] += 1 }
        } catch SeasonError.taken {
            done[name + ", taken", default: 0] += 1
        } catch SeasonError.noSeats {
            done[name + ", full", default: 0] += 1
        } catch SeasonError.tooLate {
            done[name + ", late", default: 0] += 1
        } catch SeasonError.notFound { done[name + ", gone", default: 0] += 1 }
    }

    private static let actions = [
        "add", "add", "add", "add", "assign", "assign", "assign", "ask", "ask", "answer", "answer", "answer", "remove",
        "move", "cancel", "hold", "hold", "hold", "depart", "depart",
        "extend", "extend", "book", "book", "book", "request", "end", "resize", "change trip", "wait", "deadlines",
        "override",
    ]

    private mutating func act(_ name: String) async throws -> Bool {
        let (store, service) = (world.store, world.service.id)
        let office = Actor.person(world.owner)
        switch name {
        case "add":
            trips.append(try await store.addTrip(try draft(), to: service, by: office).id)
            if trips.count > 40 { trips.removeFirst() }
        case "assign", "ask", "override":
            guard let trip = trips.randomElement(using: &random), let guide = world.guides.randomElement(using: &random)
            else { return false }
            let made = try await store.assign(
                guide, to: trip, of: service, role: .lead, asks: name == "ask",
                override: name == "override" ? .init(by: world.owner, reason: "she agreed") : nil, by: office)
            assignments.append((made.id, guide))
            if assignments.count > 60 { assignments.removeFirst() }
        case "answer":
            guard let one = assignments.randomElement(using: &random) else { return false }
            let accepts = Bool.random(using: &random)
            try await store.answer(one.id, of: service, accepts: accepts, by: one.guide)
        case "remove":
            guard let one = assignments.randomElement(using: &random) else { return false }
            try await store.remove(one.id, of: service, by: office)
            assignments.removeAll { $0.id == one.id }
        case "move":
            guard let trip = trips.randomElement(using: &random) else { return false }
            try await store.moveTrip(trip, of: service, to: try draft().timing, by: office)
        case "cancel":
            guard let trip = trips.randomElement(using: &random) else { return false }
            try await store.cancelTrip(trip, of: service, by: office)
            trips.removeAll { $0 == trip }
        case "wait": world.clock.advance(Int64.random(in: 20...400, using: &random))
        case "deadlines": _ = try await store.expireAsked(of: service)
        default: return try await actAsGuest(name)
        }
        return true
    }

    private mutating func actAsGuest(_ name: String) async throws -> Bool {
        let (store, service) = (world.store, world.service.id)
        if name == "hold" || name == "depart" {
            let size = Int.random(in: 1...3, using: &random)
            if name == "hold" {
                guard let trip = trips.randomElement(using: &random) else { return false }
                parties.append(try await store.hold(size, on: trip, of: service).id)
            } else if let guide = world.guides.randomElement(using: &random) {
                parties.append(
                    try await store.holdDeparture(try draft(), crew: [(guide, .lead)], size: size, of: service).id)
            }
            if parties.count > 20 { parties.removeFirst() }
            return true
        }
        guard let party = parties.randomElement(using: &random) else { return false }
        let guest = GuestDraft(email: "guest\(Int.random(in: 0..<30, using: &random))@x.example", name: "Guest")
        switch name {
        case "extend": try await store.extendHold(party, of: service)
        case "book": _ = try await store.commit(party, of: service, guest: guest)
        case "request": _ = try await store.commit(party, of: service, guest: guest, asRequest: true)
        case "end":
            try await store.cancelParty(party, of: service, by: .guest(party))
            parties.removeAll { $0 == party }
        case "resize":
            try await store.resizeParty(
                party, of: service, to: Int.random(in: 1...6, using: &random), by: .guest(party))
        default:
            guard let trip = trips.randomElement(using: &random) else { return false }
            try await store.moveParty(party, of: service, to: trip, by: .guest(party))
        }
        return true
    }

    private mutating func draft() throws -> TripDraft {
        // Around the clock change of 7 November 2027 as well.
        try world.draft(
            day: Int.random(in: 0..<30, using: &random) + (Bool.random(using: &random) ? 0 : 150),
            days: [1, 1, 2, 5].randomElement(using: &random) ?? 1, seats: Int.random(in: 2...8, using: &random))
    }
}
