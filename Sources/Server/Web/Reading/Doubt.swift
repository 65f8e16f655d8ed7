import Accounts
import CivilTime

/// A time about which nothing certain is known, and why. Doubt means busy.
struct Doubt: Hashable, Sendable {
    /// Nil: without beginning or end.
    let from, to: Instant?
    let reason: String

    /// What `picture` leaves in doubt. A connection that is failing still has its last known picture, which is shown
    /// with its age; one that is disconnected says nothing about what came after.
    static func all(in picture: PersonPicture, now: Instant) -> [Doubt] {
        var found: [Doubt] = []
        for calendar in picture.calendars where calendar.isCounted {
            guard let profile = picture.profile(of: calendar) else { continue }
            if calendar.syncedAt == nil {
                found.append(Doubt(from: nil, to: nil, reason: "“\(calendar.name)” has not been read yet"))
            } else if profile.connection.state == .disconnected {
                found.append(
                    Doubt(from: profile.connection.since, to: nil, reason: "“\(calendar.name)” is disconnected"))
            }
        }
        return found + window(around: now)
    }

    /// Occurrences are kept from 42 days back to 24 months ahead; beyond, nothing is known.
    private static func window(around now: Instant) -> [Doubt] {
        [
            Doubt(
                from: nil, to: now.advanced(bySeconds: -42 * 86_400), reason: "more than 42 days ago is not kept"),
            Doubt(
                from: now.advanced(bySeconds: 730 * 86_400), to: nil,
                reason: "more than 24 months ahead is not worked out yet"),
        ]
    }

    func occupied(from start: Instant, to end: Instant) -> Occupied? {
        let (first, last) = (max(start, from ?? start), min(end, to ?? end))
        guard first < last else { return nil }
        return Occupied(span: .instants(first, last), kind: .unknown, title: reason)
    }
}
