/// One outside calendar's stand-in, with everybody who has an account there.
public protocol SandboxVendor: Sendable {
    /// As it stands in addresses and in fault words: `google`.
    var name: String { get }
    /// As people read it: `Google`.
    var label: String { get }
    var identity: IdentityDesk { get }
    var people: [any SandboxPerson] { get }

    func person(_ address: String) -> (any SandboxPerson)?
    func add(_ person: PretendPerson) throws(PeopleFault)

    /// The reason of a 403 where a scope is missing.
    var missingScope: String { get }
    /// Whether what a person allowed covers this request.
    func covers(_ scopes: [String], _ request: SandboxRequest) -> Bool
    /// What a request is for, by method and path; the path begins below the vendor's own prefix.
    func purpose(of request: SandboxRequest) -> SandboxPurpose
    /// An answer that says no, as this vendor says it. `reason` nil: what it says with that status most often.
    func refusal(status: Int, reason: String?, headers: [String: String]) -> SandboxResponse
    /// A refusal of the authorization server.
    func refusal(_ refusal: IdentityRefusal) -> SandboxResponse
    /// What is known of the person behind an access token (`userInfo`), or of the token (`tokenInfo`).
    func description(of session: IdentityDesk.Session, _ purpose: SandboxPurpose) -> SandboxResponse
    /// Addresses that must answer a question before `request` is taken, with the question.
    func handshakes(of request: SandboxRequest) -> [SandboxHandshake]
}

/// One account of a vendor, answered whole and in order. `serve` expects a request whose token is good.
public protocol SandboxPerson: Sendable {
    var address: String { get }
    var displayName: String { get }
    func serve(_ request: SandboxRequest) -> SandboxResponse
    /// What is to be told to those who watch, since it was last asked.
    func takePushes() -> [SandboxPush]

    // For the page: the account as its owner sees it.
    var calendars: [(id: String, name: String)] { get }
    func drafts(in calendar: String) -> [EventDraft]
    /// Creates it (`id` nil) or changes it; the vendor's refusal where it takes it not.
    func save(_ draft: EventDraft, in calendar: String) -> SandboxResponse
    func remove(_ id: String, in calendar: String)

    // Faults of the account.
    func expireCursors()
    /// Adds an event that cannot be read, to the calendar that is the person's own.
    func poison()
    /// The account's zone from now on; false where there is no such zone.
    func move(to zone: String) -> Bool
    /// The most that a page holds, whatever is asked; nil: as the vendor does.
    func limitPages(to size: Int?)
}

/// What a request is for.
public enum SandboxPurpose: Hashable, Sendable {
    case authorize, token, revoke, userInfo, tokenInfo
    /// The API itself.
    case calendar
    case unknown
}

/// A message to somebody who watches a calendar.
public struct SandboxPush: Hashable, Sendable {
    public let address: String
    public let headers: [String: String]
    public let body: [UInt8]
    public init(to address: String, headers: [String: String] = [:], body: [UInt8] = []) {
        (self.address, self.headers, self.body) = (address, headers, body)
    }
}

/// A POST that must be answered with 200 and `answer`.
public struct SandboxHandshake: Hashable, Sendable {
    public let address: String
    public let answer: String
    public init(address: String, answer: String) { (self.address, self.answer) = (address, answer) }
}
