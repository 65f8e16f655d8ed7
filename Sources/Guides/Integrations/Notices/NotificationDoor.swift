import CivilTime
import CronofyClient
public import StorageKit
import Trips

/// Where notifications come in. A notice is a hint to read, nothing more: the signature over the exact bytes is checked,
/// one piece of work per link is asked for, and the answer goes out; what is read decides, so that notices that come
/// twice, late or not at all change nothing in the end.
public struct NotificationDoor: Sendable {
    let links: LinkStore
    let backends: BackendDirectory
    let queue: WorkQueue

    public init(calls: LinkCalls, queue: WorkQueue) {
        (links, backends, self.queue) = (calls.links, calls.backends, queue)
    }

    public enum Answer: Hashable, Sendable {
        /// 200: written down.
        case taken
        /// 403: an unknown address and a wrong signature look alike.
        case refused
    }

    /// - Parameters:
    ///   - body: as it came, byte for byte.
    ///   - signature: the header `Cronofy-HMAC-SHA256`.
    ///   - channelKey: the end of the callback address.
    /// - Throws: the database's faults: the sender tries again.
    public func receive(body: [UInt8], signature: String?, channelKey: String) async throws -> Answer {
        let links = links
        guard let link = try await links.database.read({ try LinkStore.link(channelKey: channelKey, in: $0) }) else {
            return .refused
        }
        let client = try await backends.client(of: link.backend)
        let notice: CronofyClient.Notification
        do { notice = try client.application.notification(body: body, signature: signature) } catch { return .refused }
        guard let hint = Hint(notice.kind) else { return .taken }
        let queue = queue
        try await links.database.write { session in
            try Self.note(hint, for: link, in: session)
            try queue.enqueue(IntegrationWork.read(link), in: session)
        }
        return .taken
    }

    /// What a notice asks for; nil: nothing.
    private enum Hint: Hashable, Sendable {
        case changed(since: Instant)
        /// Something about profiles: they are looked at again.
        case profiles

        init?(_ kind: CronofyClient.Notification.Kind) {
            switch kind {
            case .change(let since): self = .changed(since: since)
            case .profileDisconnected, .profileInitialSyncCompleted, .erasureRequested: self = .profiles
            case .verification, .conferencingProfileDisconnected, .other: return nil
            }
        }
    }

    private static func note(_ hint: Hint, for link: CalendarLink, in session: any WriteSession) throws {
        let mine: [SQLValue] = [.text(link.guide.value), .text(link.id.value)]
        switch hint {
        case .changed(let since):
            // The earliest of those that wait: a late one must not hide what an early one spoke of.
            try session.execute(
                """
                UPDATE calendar_links SET notified_since =
                    CASE WHEN notified_since IS NULL OR notified_since > ? THEN ? ELSE notified_since END
                WHERE person_id = ? AND link_id = ?
                """, [.integer(since.seconds), .integer(since.seconds)] + mine)
        case .profiles:
            try session.execute(
                "UPDATE calendar_links SET checked_at = NULL WHERE person_id = ? AND link_id = ?", mine)
        }
    }
}
