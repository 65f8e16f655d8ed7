public import CivilTime

/// What a channel is told (part 1, §10.4).
public enum NoticeType: String, Hashable, Sendable, CaseIterable {
    /// The channel was made.
    case verification
    /// Events changed at or after `changes_since`.
    case change
    /// A calendar profile must be authorized again.
    case profileDisconnected = "profile_disconnected"
    case conferencingProfileDisconnected = "conferencing_profile_disconnected"
    case profileInitialSyncCompleted = "profile_initial_sync_completed"
    /// The account asked to be forgotten.
    case gdprRequested = "gdpr_requested"
}

/// A notice in the outbox of its channel.
public struct Notice: Hashable, Sendable {
    /// Orders the notices of a channel.
    public let number: Int64
    public let type: NoticeType
    /// For `change` only.
    public let changesSince: Instant?
    /// Stays the same on every try, so that a receiver can tell repeats.
    public let messageID: String

    public init(number: Int64, type: NoticeType, changesSince: Instant?, messageID: String) {
        (self.number, self.type, self.changesSince, self.messageID) = (number, type, changesSince, messageID)
    }
}
