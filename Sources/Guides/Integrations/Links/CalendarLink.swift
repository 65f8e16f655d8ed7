public import CivilTime
public import Trips

/// `lnk_…`.
public typealias LinkID = Identifier<CalendarLink>
/// `int_…`.
public typealias IntegrationID = Identifier<CalendarIntegration>

/// One account of a guide at a backend, with everything that was linked through it. Its tokens are not here: they are
/// opened where a call is made, and nowhere else.
public struct CalendarLink: Hashable, Sendable {
    public let guide: PersonID
    public let id: LinkID
    public let backend: BackendID
    /// The account's id there, `acc_…`: what stays the same when the guide links again.
    public let account: String
    public let scope: String
    /// Where the guide lives, by the account; days of all-day events begin there.
    public let zone: ZoneID?
    public let level: DetailLevel
    public let standing: LinkStanding
    /// The guide has it read no more for now; what was read stays.
    public let isPaused: Bool
    public let reading: ReadingState
    /// What the callback address of this link ends with: unguessable, and of this link alone.
    let channelKey: String
    let channelID: String?
    /// When the channel was last found open.
    let channelSeenAt: Instant?
    /// The calendar that trips are written into, where the guide chose one.
    public let eventCalendar: String?

    /// How far it has been read.
    public struct ReadingState: Hashable, Sendable {
        /// When userinfo was last read.
        public var checkedAt: Instant?
        /// When the last read that succeeded began: the age of what is known.
        public var readAt: Instant?
        /// When the last complete read of the whole window began.
        public var completeAt: Instant?
        /// What has been read completely.
        public var covered: Period?
        /// Changes before it are known; nil: a complete read is needed.
        public var watermark: Instant?
        /// The earliest time that a notification since the last read spoke of.
        public var notifiedSince: Instant?

        public init() {}
    }
}

/// How much of a guide's events is kept here.
public enum DetailLevel: String, Hashable, Sendable, CaseIterable {
    /// Times, weight and ids; nothing that can be read. Free-busy is what is asked for.
    case busy
    /// Titles and places too, for those whom the guide shows them. Events are asked for.
    case detail
}

/// One connected calendar account (a profile) as people see it.
public struct CalendarIntegration: Hashable, Sendable {
    public let guide: PersonID
    public let id: IntegrationID
    public let link: LinkID
    /// `google`, `outlook`, `apple`, `custom` and the like: the provider's name as the platform gives it.
    public let provider: String
    /// The profile's id: `pro_…`.
    public let externalID: String
    /// What the provider calls the account: usually an address.
    public let name: String
    public let standing: LinkStanding
    public let relinkURL: String?
    /// False: paused by the guide.
    public let isActive: Bool
    public let calendars: [IntegrationCalendar]
}

/// A calendar of an integration.
public struct IntegrationCalendar: Hashable, Sendable {
    public let id: String
    public let profileID: String
    public let name: String
    public let isPrimary: Bool
    public let isReadOnly: Bool
    public let isDeleted: Bool
    public let permission: String
    /// Whether its events make the guide busy.
    public let counts: Bool
    /// When it was first seen: a new one is pointed out.
    public let seenAt: Instant
}
