import CivilTime
import CronofyWire
import HTTPTypes
import Planning
import Season
import Staffing
import Trips

/// Trips of the caller's services: offices see and change all of them, guides see those they are on.
struct TripEndpoints: Sendable {
    let services: GuidesAPIServices

    private var store: SeasonStore { services.store }

    // MARK: Reading

    func list(_ call: GuidesCall) async throws -> GuidesReply {
        let window = try call.window(now: services.now)
        var lines: [TripLine] = []
        for member in try await store.memberships(of: call.person) where member.isActive {
            if let wanted = call.query["guide_service"], wanted != member.service.value { continue }
            for stored in try await store.trips(of: member.service, in: window) {
                if let line = try await line(stored, for: member) { lines.append(line) }
            }
        }
        lines.sort { ($0.stored.trip.period.start, $0.stored.trip.id.value) < ($1.stored.trip.period.start, $1.stored.trip.id.value) }
        return .json { $0.array(lines, TripLine.write) }
    }

    func show(_ call: GuidesCall) async throws -> GuidesReply {
        let found = try await find(call)
        guard let line = try await line(found.stored, for: found.member) else { throw GuidesAPIError.notFound }
        return .json { TripLine.write(&$0, line) }
    }

    /// Guides who may be given a place, each with what they hold.
    func guides(_ call: GuidesCall) async throws -> GuidesReply {
        let member = try await office(of: ServiceID(call.id), call)
        var guides: [(member: Member, held: [Qualification])] = []
        for guide in try await store.members(of: member.service) where guide.isActive && guide.roles.contains(.guide) {
            guides.append((guide, try await store.qualifications(of: guide.person)))
        }
        return .json { writer in
            writer.array(guides) { writer, guide in
                writer.object { writer in
                    writer.member("id", guide.member.person.value)
                    writer.member("name", guide.member.name)
                    writer.member("email", guide.member.email)
                    writer.name("qualifications")
                    writer.array(guide.held) { writer, one in
                        writer.object {
                            $0.member("kind", one.kind)
                            $0.member("valid_through", orNull: one.validThrough?.description)
                        }
                    }
                }
            }
        }
    }

    // MARK: Changing

    func add(_ call: GuidesCall) async throws -> GuidesReply {
        var fields = try call.fields(
            "guide_service", "title", "location", "time_zone", "timing_mode", "start", "duration_hours", "duration_days",
            "end_time", "seats", "target_clients_per_guide", "notes")
        for name in ["guide_service", "title", "start", "timing_mode"] where fields.value(name) == nil {
            fields.required(name)
        }
        let service = ServiceID(fields.text("guide_service") ?? "")
        let title = fields.text("title", most: 200) ?? ""
        let location = fields.text("location", most: 200) ?? ""
        let seats = fields.integer("seats", in: 1...500) ?? 6
        let ratio = fields.integer("target_clients_per_guide", in: 1...500) ?? 6
        let notes = fields.text("notes", most: 2000) ?? ""
        let timing = TimingFields(&fields)
        let zone = fields.text("time_zone")
        try fields.checked()
        let member = try await office(of: service, call)
        guard let known = try await store.service(member.service) else { throw GuidesAPIError.notFound }
        let place = Place(name: location, zone: zone.map { ZoneID($0) } ?? known.zone)
        guard let at = store.zones.zone(place.zone) else {
            throw GuidesAPIError.field("time_zone", "must be a name of the IANA database, such as America/Denver")
        }
        let made = try await store.addTrip(
            TripDraft(
                title: title, place: place, timing: try timing.timing(in: at, instead: nil), seats: Int(seats),
                clientsPerGuide: Int(ratio), notes: notes), to: service, by: .person(call.person))
        guard let stored = try await store.trip(made.id, of: service), let line = try await line(stored, for: member)
        else { throw GuidesAPIError.notFound }
        return .json(.created) { TripLine.write(&$0, line) }
    }

    /// Moves a trip with its crew, where nothing keeps any of them.
    func move(_ call: GuidesCall) async throws -> GuidesReply {
        var fields = try call.fields("start", "duration_hours", "duration_days", "end_time")
        let timing = TimingFields(&fields)
        try fields.checked()
        let found = try await find(call)
        let trip = found.stored.trip
        _ = try await office(of: trip.service, call)
        guard let zone = store.zones.zone(trip.place.zone) else { throw GuidesAPIError.notFound }
        do {
            try await services.planning.moveTrip(
                trip.id, of: trip.service, to: try timing.timing(in: zone, instead: trip.timing),
                by: .person(call.person))
        } catch PlanningError.obstacles(let guide, let obstacles) {
            return try await refusal("The trip was not moved: a guide on it cannot.", guide, obstacles, trip, nil)
        }
        return try await show(call)
    }

    func assign(_ call: GuidesCall) async throws -> GuidesReply {
        var fields = try call.fields("guide", "role", "asks", "override_reason")
        if fields.value("guide") == nil { fields.required("guide") }
        let guide = PersonID(fields.text("guide") ?? "")
        let role = fields.choice("role", CrewRole.self) ?? .lead
        let asks = fields.flag("asks") ?? false
        let reason = fields.text("override_reason", most: 500)
        try fields.checked()
        let trip = try await find(call).stored.trip
        let member = try await office(of: trip.service, call)
        guard try await store.members(of: member.service).contains(where: { $0.person == guide && $0.isActive }) else {
            throw GuidesAPIError.field("guide", "must be the id of an active member: …/service/{id}/guides/ lists them")
        }
        do {
            let made = try await services.planning.assign(
                guide, to: trip.id, of: trip.service, role: role, asks: asks,
                override: reason.map { .init(by: call.person, reason: $0) }, by: .person(call.person))
            return .json(.created) { TripLine.write(&$0, made) }
        } catch PlanningError.obstacles(_, let obstacles) {
            return try await refusal("The guide cannot run this trip.", guide, obstacles, trip, role)
        } catch SeasonError.taken {
            return try await refusal("The guide's time has just been taken.", guide, [], trip, role)
        }
    }

    /// 409, with every reason and, where a place was to be filled, what can be had instead.
    private func refusal(
        _ detail: String, _ guide: PersonID, _ obstacles: [Obstacle], _ trip: Trip, _ role: CrewRole?
    ) async throws -> GuidesReply {
        var others: Alternatives?
        if let role {
            others = try await services.planning.alternatives(to: guide, on: trip.id, of: trip.service, as: role)
        }
        let zone = store.zones.zone(trip.place.zone) ?? .utc
        return .json(.conflict) { writer in
            writer.object { writer in
                writer.member("detail", detail)
                writer.member("guide", guide.value)
                writer.name("reasons")
                writer.array(obstacles) { writer, one in
                    writer.object {
                        $0.member("code", one.code)
                        $0.member("sentence", one.sentence(in: zone))
                        $0.member("remedy", one.remedy)
                    }
                }
                guard let others else { return }
                writer.name("alternatives")
                writer.object { writer in
                    writer.name("guides")
                    writer.array(others.guides) { $0.value($1.value) }
                    writer.name("starts")
                    writer.array(others.dates) { $0.value($1.span.period.start.description) }
                }
            }
        }
    }

    // MARK: Who may

    /// The trip of the path, in a service of the caller's.
    private func find(_ call: GuidesCall) async throws -> (stored: StoredTrip, member: Member) {
        for member in try await store.memberships(of: call.person) where member.isActive {
            if let stored = try await store.trip(TripID(call.id), of: member.service) { return (stored, member) }
        }
        throw GuidesAPIError.notFound
    }

    /// The caller's place in the office of `service`; to everybody else it is not there.
    private func office(of service: ServiceID, _ call: GuidesCall) async throws -> Member {
        let member = try await store.memberships(of: call.person).first { $0.service == service && $0.isActive }
        guard let member, member.roles.contains(where: \.isOffice) else { throw GuidesAPIError.notFound }
        return member
    }

    /// Nil where `member` may not see it.
    private func line(_ stored: StoredTrip, for member: Member) async throws -> TripLine? {
        let crew = try await store.crew(of: stored.trip.id, in: stored.trip.service).filter(\.state.holdsTime)
        guard member.roles.contains(where: \.isOffice) || crew.contains(where: { $0.guide == member.person }) else {
            return nil
        }
        return TripLine(stored: stored, crew: crew)
    }
}
