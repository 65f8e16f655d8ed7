public import Accounts

/// What the pages may ask of calendars. Everything names its owner: what is not the owner's is not found.
public protocol CalendarConnecting: Sendable {
    /// Connects a calendar account, lists its calendars and asks for a first sync; the sync itself goes on afterwards.
    func connect(_ request: ConnectRequest, for account: AccountID) async throws(ConnectError) -> ProfileID

    /// The same for somebody who has no account here: it is made when the calendar has answered.
    func connect(
        _ request: ConnectRequest, forNew person: NewPerson
    ) async throws(ConnectError) -> (account: AccountID, profile: ProfileID)

    /// Makes a service account, once the administrator's credential has been shown to work; a known one gets the new
    /// credential.
    func connectDomain(_ request: DomainRequest) async throws(ConnectError) -> AccountID

    /// Reads an iCalendar file into a calendar that lives here. `name` is shown to people and is never a path.
    func importFile(
        _ text: [UInt8], name: String, for account: AccountID
    ) async throws(ConnectError) -> ImportSummary

    /// Gives a connection a new password; calendars and events stay.
    func reconnect(_ profile: ProfileID, of account: AccountID, password: Secret) async throws(ConnectError)

    /// Stops or resumes reading; what is known stays.
    func pause(_ profile: ProfileID, of account: AccountID, paused: Bool) async throws

    /// Forgets the connection, its calendars and their events here; at the provider nothing changes.
    func remove(_ profile: ProfileID, of account: AccountID) async throws

    /// Asks for a sync as soon as there is room.
    func syncNow(_ profile: ProfileID, of account: AccountID) async throws

    /// Reads an item that was put aside again.
    func retry(_ item: ItemNumber, of account: AccountID) async throws
}
