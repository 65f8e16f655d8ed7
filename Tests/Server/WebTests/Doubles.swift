import Accounts
import Synchronization

@testable import Events
@testable import Web

/// Writes down what the pages ask of calendars, and answers as a test says.
final class RecordingCalendars: CalendarConnecting {
    enum Call: Hashable, Sendable {
        case connect(ConnectRequest, AccountID)
        case connectNew(ConnectRequest, NewPerson)
        case connectDomain(DomainRequest)
        case importFile(bytes: Int, name: String, AccountID)
        case reconnect(ProfileID, AccountID, Secret)
        case pause(ProfileID, AccountID, Bool)
        case remove(ProfileID, AccountID)
        case syncNow(ProfileID, AccountID)
        case retry(ItemNumber, AccountID)
    }

    let newAccount = AccountID("acc_new")
    private let state = Mutex<(calls: [Call], failure: ConnectError?)>(([], nil))
    var calls: [Call] { state.withLock { $0.calls } }
    func fail(with error: ConnectError?) { state.withLock { $0.failure = error } }

    private func record(_ call: Call) throws(ConnectError) {
        let failure = state.withLock { state in
            state.calls.append(call)
            return state.failure
        }
        if let failure { throw failure }
    }

    func connect(_ request: ConnectRequest, for account: AccountID) async throws(ConnectError) -> ProfileID {
        try record(.connect(request, account))
        return ProfileID("pro_new")
    }

    func connect(
        _ request: ConnectRequest, forNew person: NewPerson
    ) async throws(ConnectError) -> (account: AccountID, profile: ProfileID) {
        try record(.connectNew(request, person))
        return (newAccount, ProfileID("pro_new"))
    }

    func connectDomain(_ request: DomainRequest) async throws(ConnectError) -> AccountID {
        try record(.connectDomain(request))
        return newAccount
    }

    func importFile(
        _ text: [UInt8], name: String, for account: AccountID
    ) async throws(ConnectError) -> ImportSummary {
        try record(.importFile(bytes: text.count, name: name, account))
        return ImportSummary(profile: ProfileID("pro_new"), calendar: name, imported: 3, putAside: 1)
    }

    func reconnect(_ profile: ProfileID, of account: AccountID, password: Secret) async throws(ConnectError) {
        try record(.reconnect(profile, account, password))
    }

    func pause(_ profile: ProfileID, of account: AccountID, paused: Bool) async throws {
        try record(.pause(profile, account, paused))
    }
    func remove(_ profile: ProfileID, of account: AccountID) async throws { try record(.remove(profile, account)) }
    func syncNow(_ profile: ProfileID, of account: AccountID) async throws { try record(.syncNow(profile, account)) }
    func retry(_ item: ItemNumber, of account: AccountID) async throws { try record(.retry(item, account)) }
}

/// Events from memory, in pages of two, so that paging is always exercised.
final class FixedEvents: EventReading {
    private let records = Mutex<[AccountID: [EventRecord]]>([:])

    func set(_ events: [EventRecord], of account: AccountID) { records.withLock { $0[account] = events } }

    func events(
        _ query: EventQuery, after progress: EventProgress?, limit: Int
    ) async throws -> EventPage<EventRecord> {
        let all = (records.withLock { $0[query.account] } ?? [])
            .filter { query.calendars?.contains($0.calendar) ?? true && (!query.busyOnly || $0.weight != .free) }
        let start = Int(progress?.after.start ?? 0)
        let page = Array(all.dropFirst(start).prefix(2))
        let next = start + 2 < all.count ? EventPosition(start: Int64(start + 2), item: 0, recurrence: 0) : nil
        return EventPage(records: page, total: all.count, next: next)
    }

    func freeBusy(
        _ query: EventQuery, after progress: EventProgress?, limit: Int
    ) async throws -> EventPage<FreeBusyRecord> {
        let page = try await events(query, after: progress, limit: limit)
        let records = page.records.map {
            FreeBusyRecord(
                calendar: $0.calendar, uid: $0.uid, eventID: nil, span: $0.span, weight: $0.weight, isDeleted: false)
        }
        return EventPage(records: records, total: page.total, next: page.next)
    }
}

/// Domains that publish what a test says.
struct FixedDomains: MailDomainLooking {
    var mail: [String: [String]] = [:]
    var calendars: [String: String] = [:]
    func mailHosts(of domain: String) async -> [String] { mail[domain] ?? [] }
    func calendarHost(of domain: String) async -> String? { calendars[domain] }
}

/// Nothing was asked, and nothing is offered.
struct NoAPI: APIWindow {
    func requests(of client: ClientID) async throws -> [AskedCall] { [] }
    func offers(to client: ClientID) async throws -> [OfferedCall] {
        [OfferedCall(id: "userinfo", method: "GET", path: "/v1/userinfo", summary: "Who", takesKey: false, body: "")]
    }
    func send(_ call: TriedCall, of client: ClientID) async throws -> TriedAnswer {
        TriedAnswer(status: 404, headers: [], body: "")
    }
}

/// A server that is registered nowhere.
struct NoVendors: VendorSigningIn {
    var offers: [VendorOffer] { [] }
    func verifier() -> String { "" }
    func address(of vendor: String, state: String, verifier: String, hint: String?) -> String? { nil }
    func finish(_ vendor: String, code: String, verifier: String) async throws(ConnectError) -> Secret {
        throw .unknownProfile
    }
}
