public import CivilTime

/// What is known of somebody before their calendar has answered.
public struct NewPerson: Hashable, Sendable {
    /// As typed, proven by nothing; where the calendar's server knows one, that is taken.
    public let email: String?
    public let zone: ZoneID?

    public init(email: String?, zone: ZoneID?) { (self.email, self.zone) = (email, zone) }
}
