/// What a person or program asks of Anchorpoint on the command line. The same value runs in this process, or in the
/// server that holds the database (docs/decisions/0003).
public enum Operation: Codable, Hashable, Sendable {
    case createApplication(name: String, redirectURIs: [String], isPublic: Bool)
    case listApplications
    /// `overlap`: seconds for which the secrets before it stay good.
    case rotateSecret(clientID: String, overlap: Int64)
    /// Both empty: only says which there are.
    case redirectURIs(clientID: String, add: [String], remove: [String])
    case createAccount(clientID: String, email: String, name: String?, timeZone: String?, scope: String?)
    case connect(account: String, provider: String, url: String?, username: String?, password: String?)
    case listCalendars(account: String)
    case importFile(account: String, name: String, text: String)
    case export(account: String, calendar: String)
    case sync(account: String?, wait: Bool)
    case availability(accounts: [String], from: String, to: String, minutes: Int, startInterval: Int?)
    case signIn(account: String?)
    case deadLetters(replay: Bool)
    /// Tries of an application's notifications: the newest, or those after a number.
    case deliveries(client: String, channel: String?, failed: Bool, after: Int64?)
    /// Keys that may make applications.
    case createAdminKey
    /// Ends all of them.
    case revokeAdminKeys
    /// What applications asked to have registered.
    case listVerifications
    case settleVerification(client: String, accept: Bool)
    /// Sends one again, or all that failed.
    case replayDeliveries(client: String, number: Int64?)
}

/// What an operation answers, in the order it comes.
public enum OperationMessage: Codable, Hashable, Sendable {
    /// For people who wait.
    case progress(String)
    /// The answer: JSON for programs, text for people.
    case result(json: String, text: String)
    case failure(OperationFailure)
}

/// Why an operation did not do what was asked. The code is the exit code of the command (docs/cli.md).
public struct OperationFailure: Error, Codable, Hashable, Sendable {
    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    /// After sysexits(3).
    public enum Code: Int32, Codable, Sendable {
        case usage = 64
        case badInput = 65
        case notFound = 66
        case unavailable = 69
        case internalFault = 70
        case inUse = 75
        case refused = 77
        case configuration = 78
    }
}
