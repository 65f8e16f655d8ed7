public import Accounts

/// Who is signed in.
public struct Session: Hashable, Sendable {
    public let role: Role
    /// Stands in every form of this session.
    let formToken: String

    public enum Role: Hashable, Sendable {
        /// Runs this server: sees the list of people.
        case `operator`
        /// One account's owner: sees that account only.
        case owner(AccountID)

        init(account: String?) { self = account.map { .owner(AccountID($0)) } ?? .operator }

        /// Whether the pages of `account` are this one's to see.
        public func sees(_ account: AccountID) -> Bool {
            switch self {
            case .operator: true
            case .owner(let own): own == account
            }
        }
    }
}
