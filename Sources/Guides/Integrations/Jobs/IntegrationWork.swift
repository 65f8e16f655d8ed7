public import StorageKit
public import Trips

/// The work of this module, as it stands in the queue. Work of one key is asked for once, however often it is asked for.
public enum IntegrationWork {
    /// Reads a link, `<person>/<link>`: its profiles where that is due, then what changed. Asks for itself again.
    public static let readKind = "guide-read"
    /// Brings the event of an assignment, `<service>/<assignment>`, to what the assignment says.
    public static let eventKind = "guide-event"
    /// Looks for links that nobody reads any more, `all`.
    public static let pollKind = "guide-poll"
    /// Ends an account's access at its backend, `<backend>/<account>`, after it was unlinked here.
    public static let revokeKind = "guide-revoke"

    public static let kinds = [readKind, eventKind, pollKind, revokeKind]

    /// - Parameter runAt: seconds since 1970; 0: as soon as possible.
    public static func read(_ link: CalendarLink, runAt: Int64 = 0) -> Work {
        Work(kind: readKind, key: "\(link.guide)/\(link.id)", runAt: runAt)
    }

    /// For whoever changes an assignment or its trip: enqueue it in the same transaction.
    public static func event(_ assignment: AssignmentID, of service: ServiceID) -> Work {
        Work(kind: eventKind, key: "\(service)/\(assignment)")
    }

    static func poll(runAt: Int64) -> Work { Work(kind: pollKind, key: "all", runAt: runAt) }

    static func revoke(_ account: String, at backend: BackendID) -> Work {
        Work(kind: revokeKind, key: "\(backend)/\(account)")
    }
}
