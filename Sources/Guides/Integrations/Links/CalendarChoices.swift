import CivilTime
import CronofyClient
import Season
public import StorageKit
public import Trips

/// What a guide decides about calendars that are linked. All of it needs `OwnCalendars`; all of it takes effect in the
/// rows at once, and the next read brings what is missing.
public struct CalendarChoices: Sendable {
    public let calls: LinkCalls
    let queue: WorkQueue

    public init(calls: LinkCalls, queue: WorkQueue) { (self.calls, self.queue) = (calls, queue) }

    private var links: LinkStore { calls.links }

    /// Whether the events of a calendar make the guide busy.
    /// - Throws: `LinkRefusal.unknown`.
    public func set(counts: Bool, calendar: String, of link: LinkID, _ own: OwnCalendars) async throws {
        try await change(link, own) { link, session in
            let changed = try session.execute(
                "UPDATE integration_calendars SET counts = ? WHERE person_id = ? AND link_id = ? AND calendar_id = ?",
                [SQLValue(counts), .text(link.guide.value), .text(link.id.value), .text(calendar)])
            guard changed == 1 else { throw LinkRefusal.unknown }
            if !counts { try rows(link, session).removeAll(of: calendar) }
        }
    }

    /// Pauses or resumes one calendar account. While paused its events do not make the guide busy.
    public func set(active: Bool, integration: IntegrationID, _ own: OwnCalendars) async throws {
        let found = try await self.integration(integration, own)
        try await change(found.link, own) { link, session in
            try session.execute(
                "UPDATE calendar_integrations SET is_active = ? WHERE person_id = ? AND integration_id = ?",
                [SQLValue(active), .text(own.guide.value), .text(integration.value)])
            if !active {
                for calendar in found.calendars { try rows(link, session).removeAll(of: calendar.id) }
            }
        }
    }

    /// Pauses or resumes reading everything of a link. What was read stays, and grows old.
    public func set(paused: Bool, link: LinkID, _ own: OwnCalendars) async throws {
        try await change(link, own) { link, session in
            try session.execute(
                "UPDATE calendar_links SET is_paused = ? WHERE person_id = ? AND link_id = ?",
                [SQLValue(paused), .text(link.guide.value), .text(link.id.value)])
        }
    }

    /// How much is kept. Going back to `.busy` deletes at once what could be read.
    public func set(level: DetailLevel, link: LinkID, _ own: OwnCalendars) async throws {
        try await change(link, own) { link, session in
            try session.execute(
                "UPDATE calendar_links SET level = ? WHERE person_id = ? AND link_id = ?",
                [.text(level.rawValue), .text(link.guide.value), .text(link.id.value)])
            guard level == .busy else { return }
            let mine: [SQLValue] = [.text(link.guide.value), .text(link.id.value)]
            try session.execute("DELETE FROM calendar_details WHERE person_id = ? AND origin = ?", mine)
            try session.execute(
                """
                UPDATE guide_availability SET visibility = 'busy'
                WHERE person_id = ? AND origin = ? AND source = 'sync' AND visibility = 'detail'
                """, mine)
        }
    }

    /// Which calendar trips are written into; nil: the primary one. Trips that stand elsewhere move there.
    /// - Throws: `LinkRefusal.notWritable`.
    public func set(eventCalendar calendar: String?, link: LinkID, _ own: OwnCalendars) async throws {
        try await change(link, own) { link, session in
            if let calendar {
                let known = try LinkStore.calendars(of: link.guide, in: session).first {
                    $0.link == link.id && $0.calendar.id == calendar && !$0.calendar.isDeleted
                }
                guard let known else { throw LinkRefusal.unknown }
                guard !known.calendar.isReadOnly else { throw LinkRefusal.notWritable }
            }
            try session.execute(
                "UPDATE calendar_links SET event_calendar = ? WHERE person_id = ? AND link_id = ?",
                [SQLValue(calendar), .text(link.guide.value), .text(link.id.value)])
            try TripEventRows.rewriteAll(of: link.guide, queue, in: session)
        }
    }

    /// Ends everything about a link here at once: rows, details, calendars and tokens go in one transaction, and the
    /// account's access at the platform is ended by work that waits for it.
    public func unlink(_ id: LinkID, _ own: OwnCalendars) async throws {
        let (links, queue) = (links, queue)
        try await links.database.write { session in
            guard let link = try LinkStore.link(id, of: own.guide, in: session) else { throw LinkRefusal.unknown }
            try Self.delete(link, as: .unlinked, by: .person(own.guide), queue, now: links.now(), in: session)
        }
    }

    static func delete(
        _ link: CalendarLink, as what: LinkRecord.Happened, by actor: Actor, _ queue: WorkQueue, now: Instant,
        in session: any WriteSession
    ) throws {
        try SyncRows(link: link, session: session, now: now).removeAll()
        for table in ["integration_calendars", "calendar_integrations", "trip_events", "calendar_links"] {
            try session.execute(
                "DELETE FROM \(table) WHERE person_id = ? AND link_id = ?",
                [.text(link.guide.value), .text(link.id.value)])
        }
        try queue.enqueue(IntegrationWork.revoke(link.account, at: link.backend), in: session)
        // The receipt: what was removed, by ids.
        try LinkRecord.write(
            what, guide: link.guide, by: actor, thing: link.id.value, detail: "\(link.backend)/\(link.account)",
            now: now, in: session)
        try TripEventRows.rewriteAll(of: link.guide, queue, in: session)
    }

    /// Removes one calendar account of several; the last one ends the link.
    /// - Throws: `LinkRefusal.unreachable` where the platform could not be told.
    public func remove(_ id: IntegrationID, _ own: OwnCalendars) async throws {
        let found = try await integration(id, own)
        let others = try await links.database.read { session in
            try LinkStore.integrations(of: own.guide, in: session).contains { $0.link == found.link && $0.id != id }
        }
        guard others else { return try await unlink(found.link, own) }
        let link = try await links.database.read { try LinkStore.link(found.link, of: own.guide, in: $0) }
        guard let link else { throw LinkRefusal.unknown }
        do {
            try await calls.perform(link) { account throws(CronofyError) in
                do throws(CronofyError) { try await account.revoke(profile: found.externalID) } catch .notFound
                { /* Gone already. */  }
            }
        } catch is CronofyError { throw LinkRefusal.unreachable }
        let links = links
        try await change(found.link, own) { link, session in
            for calendar in found.calendars { try rows(link, session).removeAll(of: calendar.id) }
            for (table, column) in [("integration_calendars", "profile_id"), ("calendar_integrations", "external_id")] {
                try session.execute(
                    "DELETE FROM \(table) WHERE person_id = ? AND link_id = ? AND \(column) = ?",
                    [.text(own.guide.value), .text(link.id.value), .text(found.externalID)])
            }
            try LinkRecord.write(
                .removed, guide: own.guide, by: .person(own.guide), thing: id.value,
                detail: found.externalID, now: links.now(), in: session)
        }
    }

    private func integration(_ id: IntegrationID, _ own: OwnCalendars) async throws -> CalendarIntegration {
        let found = try await links.database.read { session in
            try LinkStore.integrations(of: own.guide, in: session).first { $0.id == id }
        }
        guard let found else { throw LinkRefusal.unknown }
        return found
    }

    private func rows(_ link: CalendarLink, _ session: any WriteSession) -> SyncRows {
        SyncRows(link: link, session: session, now: links.now())
    }

    /// A change of what is read: in one transaction with the complete read that it asks for.
    private func change(
        _ id: LinkID, _ own: OwnCalendars, _ body: @escaping @Sendable (CalendarLink, any WriteSession) throws -> Void
    ) async throws {
        let queue = queue
        try await links.database.write { session in
            guard let link = try LinkStore.link(id, of: own.guide, in: session) else { throw LinkRefusal.unknown }
            try body(link, session)
            try session.execute(
                "UPDATE calendar_links SET watermark = NULL WHERE person_id = ? AND link_id = ?",
                [.text(own.guide.value), .text(id.value)])
            try queue.enqueue(IntegrationWork.read(link), in: session)
        }
    }
}
