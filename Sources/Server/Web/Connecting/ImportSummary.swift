public import Accounts

/// What an imported file brought.
public struct ImportSummary: Hashable, Sendable {
    public let profile: ProfileID
    /// The calendar it went into.
    public let calendar: String
    /// Items that are in the calendar now: events and series.
    public let imported: Int
    /// Items that could not be read; they are listed under what was put aside.
    public let putAside: Int

    public init(profile: ProfileID, calendar: String, imported: Int, putAside: Int) {
        (self.profile, self.calendar, self.imported, self.putAside) = (profile, calendar, imported, putAside)
    }
}
