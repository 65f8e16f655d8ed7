/// `acc_…` and the like, the `sub`: one person's linked calendars. The prefix says what kind of account it is.
public struct AccountID: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }

    public enum Kind: String, CaseIterable, Sendable {
        case person = "acc_"
        case resource = "res_"
        /// A calendar that lives here for an application's own use.
        case applicationCalendar = "apc_"
        /// An administrator's access to the calendars of a domain.
        case serviceAccount = "ser_"
    }

    /// A new one.
    public init(fresh kind: Kind) { value = kind.rawValue + Crypto.hex(Crypto.random(12)) }

    public var kind: Kind { Kind.allCases.first { value.hasPrefix($0.rawValue) } ?? .person }
}
/// `pro_…`: one connection to one provider.
public struct ProfileID: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }
}
/// `cal_<profile>_<number>`.
public struct CalendarID: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }
}
/// A client of the platform.
public struct ClientID: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }
}
/// A calendar's number within its account.
public struct CalendarNumber: Hashable, Sendable {
    public let value: Int64
    public init(_ value: Int64) { self.value = value }
}
/// An item's number within its account.
public struct ItemNumber: Hashable, Sendable {
    public let value: Int64
    public init(_ value: Int64) { self.value = value }
}
