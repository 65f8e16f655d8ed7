public import Trips

/// The right to link, choose, pause and remove a guide's calendars: the guide's alone. Whoever holds a value of this
/// type is that guide; the office can only ask.
public struct OwnCalendars: Hashable, Sendable {
    public let guide: PersonID

    /// - Parameter actor: who is signed in.
    /// - Throws: `.onlyTheGuide` for anybody else, owners of the service included.
    public init(of guide: PersonID, actedOnBy actor: PersonID) throws(LinkRefusal) {
        guard guide == actor else { throw .onlyTheGuide }
        self.guide = guide
    }
}

/// Why something about linking was not done; each is answered differently.
public enum LinkRefusal: Error, Hashable, Sendable {
    case onlyTheGuide
    /// No such link, integration or calendar of this guide.
    case unknown
    /// The service chose no backend, and there is no built-in one.
    case noBackend
    case region(RegionRule.Mismatch)
    /// The browser came back with a state that is unknown, used, too old, or another session's: begin again.
    case stale
    /// The person said no, or the platform did, with its word for it.
    case declined(code: String)
    /// The code was refused: it had been used, or had expired.
    case codeRefused
    /// The account is another guide's: this browser is known to the platform as somebody else.
    case anotherPerson
    /// The platform did not answer: try again later. Nothing was changed.
    case unreachable
    /// That calendar cannot be written to.
    case notWritable

    /// What to tell the person.
    public var sentence: String {
        switch self {
        case .onlyTheGuide: "Only the guide can link, choose, pause or remove their calendars. You can ask them to."
        case .unknown: "That calendar is not linked any more. Load the page again."
        case .noBackend: "This service has no calendar platform yet. An owner can choose one in the settings."
        case .region(let mismatch): mismatch.description
        case .stale: "That link was used or has expired. Start linking again from your calendars page."
        case .declined: "The calendar was not linked, because access was not given. Nothing has changed."
        case .codeRefused: "The calendar platform did not accept the answer. Start linking again."
        case .anotherPerson:
            "This browser is known to the calendar platform as somebody else. Use a private window or your own device."
        case .unreachable: "The calendar platform did not answer. Nothing has changed; try again in a few minutes."
        case .notWritable: "That calendar cannot be written to. Choose one of your own."
        }
    }
}
