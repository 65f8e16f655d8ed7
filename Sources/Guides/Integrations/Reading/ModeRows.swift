import StorageKit
import Trips

/// Whose rows are kept: a link's, where a service that the guide is with uses its backend in another mode than live.
enum ModeRows {
    static func keepsRows(of link: CalendarLink, in session: any ReadSession) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM memberships m JOIN guide_services s ON s.service_id = m.service_id
            WHERE m.person_id = ? AND m.is_active = 1 AND s.mode <> 'live' AND COALESCE(s.backend_id,
                (SELECT b.backend_id FROM backends b WHERE b.kind = 'built-in' ORDER BY b.created_at, b.backend_id LIMIT 1)
            ) = ? LIMIT 1
            """, [.text(link.guide.value), .text(link.backend.value)]
        ) { try $0.integer(0) } != nil
    }
}
