import CivilTime
public import Season
import StorageKit
import Trips

/// Tells a guide and the offices the guide works for that a calendar is cut off: why, and which trips are at risk until it
/// is linked again. Each cut is told once, however many processes look.
public struct CutLetters: Sendable {
    let links: LinkStore
    let box: LetterBox
    /// Where guides link their calendars again.
    let calendarsPage: String

    public init(links: LinkStore, box: LetterBox, calendarsPage: String) {
        (self.links, self.box, self.calendarsPage) = (links, box, calendarsPage)
    }

    /// Posts letters about what was cut off and not told yet.
    /// - Returns: how many letters.
    @discardableResult
    public func tell() async throws -> Int {
        let cuts = try await links.database.read { try Cut.untold(in: $0) }
        var count = 0
        for cut in cuts { count += try await tell(cut) }
        return count
    }

    private func tell(_ cut: Cut) async throws -> Int {
        let (now, box, page) = (links.now(), box, calendarsPage)
        return try await links.database.write { session in
            guard try cut.isClaimed(at: now, in: session) else { return 0 }
            let all = try GuideCalendars.of(cut.guide, now: now, in: session)
            let person = try session.first(
                "SELECT email, name FROM people WHERE person_id = ?", [.text(cut.guide.value)]
            ) { (email: try $0.text(0), name: try $0.text(1)) }
            guard let person else { return 0 }
            let names = all.tripsAhead.map(\.title)
            try box.post(
                LetterDraft(
                    to: person.email, subject: "A calendar of yours is cut off",
                    body: """
                        \(cut.cause.sentence)

                        Until then we do not see what changes in it. \(Self.risk(names))

                        Your calendars: \(page)
                        """), at: now, in: session)
            let offices = try session.all(
                """
                SELECT DISTINCT s.service_id, s.contact_email FROM memberships m
                JOIN guide_services s ON s.service_id = m.service_id
                WHERE m.person_id = ? AND m.role = 'GUIDE' AND m.is_active = 1 ORDER BY s.service_id
                """, [.text(cut.guide.value)]
            ) { (service: ServiceID(try $0.text(0)), email: try $0.text(1)) }
            for office in offices {
                // The trips of other services are not this office's to know.
                let own = all.tripsAhead.filter { $0.service == office.service }.map(\.title)
                try box.post(
                    LetterDraft(
                        to: office.email, subject: "A calendar of \(Self.line(person.name)) is cut off",
                        body: """
                            \(person.name)'s calendar is cut off, so changes in it are not seen. \(cut.cause.sentence) \
                            Only the guide can do that; the guide was told.

                            \(Self.risk(own))
                            """, of: office.service), at: now, in: session)
            }
            return offices.count + 1
        }
    }

    private static func risk(_ trips: [String]) -> String {
        trips.isEmpty ? "No trip is at risk." : "Trips at risk:\n" + trips.map { "* \($0)" }.joined(separator: "\n")
    }

    /// A name in a subject.
    private static func line(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
    }
}

/// A link or one of its profiles that is cut off.
private struct Cut {
    let guide: PersonID
    let thing: String
    let cause: LinkStanding.Cause
    let since: Int64

    static func untold(in session: any ReadSession) throws -> [Cut] {
        try session.all(
            """
            SELECT person_id, thing, cause, state_since FROM (
                SELECT person_id, link_id AS thing, cause, state_since FROM calendar_links
                    WHERE state = 'disconnected' AND is_paused = 0
                UNION ALL SELECT person_id, integration_id AS thing, cause, state_since FROM calendar_integrations
                    WHERE state = 'disconnected' AND is_active = 1) c
            WHERE NOT EXISTS (SELECT 1 FROM cut_letters t WHERE t.person_id = c.person_id AND t.thing = c.thing
                AND t.since = c.state_since)
            ORDER BY state_since, thing
            """
        ) { row in
            Cut(
                guide: PersonID(try row.text(0)), thing: try row.text(1),
                cause: try row.optionalText(2).flatMap(LinkStanding.Cause.init) ?? .revoked, since: try row.integer(3))
        }
    }

    /// Whether it is ours to tell: the first who writes the row does.
    func isClaimed(at now: Instant, in session: any WriteSession) throws -> Bool {
        try session.execute(
            """
            INSERT INTO cut_letters (person_id, thing, since, told_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (person_id, thing, since) DO NOTHING
            """, [.text(guide.value), .text(thing), .integer(since), .integer(now.seconds)]) == 1
    }
}
