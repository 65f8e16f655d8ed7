/// `acc_…`, the `sub`: one person's linked calendars.
public struct AccountID: Hashable, Sendable {
    public let value: String
    public init(_ value: String) { self.value = value }
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
