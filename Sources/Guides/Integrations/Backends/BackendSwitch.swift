import CivilTime
import Season
public import StorageKit
public import Trips

/// Moves a service to another backend. What will change is shown first, and done only as it was shown: manual rows and
/// assignments stay; rows of calendars that no service needs any more go; guides link again.
public struct BackendSwitch: Sendable {
    let links: LinkStore
    let queue: WorkQueue

    public init(links: LinkStore, queue: WorkQueue) { (self.links, self.queue) = (links, queue) }

    /// What a switch does, for people to agree to.
    public struct Plan: Hashable, Sendable {
        public let service: ServiceID
        public let from: BackendID?
        public let to: BackendID
        /// Guides who must link a calendar again before they can be seen.
        public let mustLinkAgain: [PersonID]
        /// Links that no service of their guide uses afterwards: they end, with the access that was given.
        public let endingLinks: [LinkID]
        /// Rows that were read from those calendars.
        public let rowsThatGo: Int
        /// Rows that guides or the office wrote, and trips: they stay as they are.
        public let rowsThatStay: Int
        /// Events of trips that are written again, in the calendars that guides link.
        public let tripEvents: Int
    }

    /// What the service uses, and all that it may choose.
    public func choices(
        of service: ServiceID
    ) async throws -> (now: CalendarBackend?, all: [CalendarBackend]) {
        try await links.database.read { session in
            (try BackendStore.backend(of: service, in: session), try BackendStore.choices(of: service, in: session))
        }
    }

    /// Whether calendar data of the service, as it comes from today, may be pinned to `region`.
    /// - Throws: `RegionRule.Mismatch`.
    public func checkPin(_ region: String?, of service: ServiceID) async throws {
        if let now = try await choices(of: service).now { try RegionRule.check(now, for: region) }
    }

    /// - Throws: `RegionRule.Mismatch`, `BackendFault.unknown`, or the database's fault. Changes nothing.
    public func plan(_ service: ServiceID, to backend: BackendID) async throws -> Plan {
        try await links.database.read { try Self.plan(service, to: backend, in: $0) }
    }

    /// Does what `plan` says.
    /// - Throws: `SwitchFault.changedMeanwhile` where it is no longer what would happen: show the new plan.
    public func perform(_ plan: Plan, by actor: PersonID) async throws {
        let (links, queue) = (links, queue)
        try await links.database.write { session in
            guard try Self.plan(plan.service, to: plan.to, in: session) == plan else {
                throw SwitchFault.changedMeanwhile
            }
            try session.execute(
                "UPDATE guide_services SET backend_id = ? WHERE service_id = ?",
                [.text(plan.to.value), .text(plan.service.value)])
            for link in try Self.ending(plan.service, plan.to, in: session) {
                try CalendarChoices.delete(
                    link, as: .ended, by: .person(actor), queue, now: links.now(), in: session)
            }
            try SeasonChange.backendChanged(from: plan.from?.value ?? "", to: plan.to.value)
                .record(of: plan.service, by: .person(actor), at: links.now(), in: session)
        }
    }

    private static func plan(_ service: ServiceID, to backend: BackendID, in session: any ReadSession) throws -> Plan {
        guard let target = try BackendStore.choices(of: service, in: session).first(where: { $0.id == backend }) else {
            throw BackendFault.unknown
        }
        let region = try session.first(
            "SELECT region FROM guide_services WHERE service_id = ?", [.text(service.value)]
        ) { try $0.optionalText(0) }
        try RegionRule.check(target, for: region ?? nil)
        let guides = try guides(of: service, in: session)
        let ending = try ending(service, backend, in: session)
        var (go, stay, events) = (0, 0, 0)
        for link in ending {
            go += try count("guide_availability WHERE person_id = ? AND origin = ?", link, session)
            events += try count("trip_events WHERE person_id = ? AND link_id = ?", link, session)
        }
        for guide in guides {
            stay +=
                try session.first(
                    "SELECT count(*) FROM guide_availability WHERE person_id = ? AND source <> 'sync'",
                    [.text(guide.value)]
                ) { Int(try $0.integer(0)) } ?? 0
        }
        let again = try guides.filter { guide in
            let links = try LinkStore.links(of: guide, in: session)
            return !links.isEmpty && !links.contains { $0.backend == backend }
        }
        return Plan(
            service: service, from: try BackendStore.backend(of: service, in: session)?.id, to: backend,
            mustLinkAgain: again, endingLinks: ending.map(\.id), rowsThatGo: go, rowsThatStay: stay, tripEvents: events)
    }

    private static func count(_ what: String, _ link: CalendarLink, _ session: any ReadSession) throws -> Int {
        try session.first("SELECT count(*) FROM \(what)", [.text(link.guide.value), .text(link.id.value)]) {
            Int(try $0.integer(0))
        } ?? 0
    }

    private static func guides(of service: ServiceID, in session: any ReadSession) throws -> [PersonID] {
        try session.all(
            """
            SELECT DISTINCT person_id FROM memberships WHERE service_id = ? AND role = 'GUIDE' AND is_active = 1
            ORDER BY person_id
            """, [.text(service.value)]
        ) { PersonID(try $0.text(0)) }
    }

    /// Links of the service's guides that stand at a backend which no active service of the guide uses after the switch.
    private static func ending(_ service: ServiceID, _ target: BackendID, in session: any ReadSession) throws
        -> [CalendarLink]
    {
        let standard = try session.first(
            "SELECT backend_id FROM backends WHERE kind = 'built-in' ORDER BY created_at, backend_id LIMIT 1"
        ) { try $0.text(0) }
        return try guides(of: service, in: session).flatMap { guide -> [CalendarLink] in
            let used = try session.all(
                """
                SELECT s.service_id, s.backend_id FROM memberships m JOIN guide_services s ON s.service_id = m.service_id
                WHERE m.person_id = ? AND m.is_active = 1
                """, [.text(guide.value)]
            ) { row in
                try row.text(0) == service.value ? target.value : (try row.optionalText(1) ?? standard ?? "")
            }
            return try LinkStore.links(of: guide, in: session).filter { !used.contains($0.backend.value) }
        }
    }
}

/// Why a switch was not done.
public enum SwitchFault: Error, Hashable, Sendable {
    case changedMeanwhile
}
