public import CivilTime
public import GuardedHTTP
public import ProviderKit

/// A CalDAV account behind the contract.
public struct CalDAVProvider: Sendable {
    private let account: CalDAVAccount
    private let client: GuardedClient
    private let reader: ItemReader
    private let now: @Sendable () -> Instant

    public init(
        account: CalDAVAccount, client: GuardedClient, reader: ItemReader, now: @escaping @Sendable () -> Instant
    ) {
        (self.account, self.client, self.reader, self.now) = (account, client, reader, now)
    }
}
