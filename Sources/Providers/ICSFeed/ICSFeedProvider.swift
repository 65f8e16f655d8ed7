public import CivilTime
public import GuardedHTTP
public import ProviderKit

/// One published calendar file, read only.
public struct ICSFeedProvider: Sendable {
    private let address: WebAddress
    private let client: GuardedClient
    private let reader: ItemReader
    private let now: @Sendable () -> Instant

    /// `address` is often a secret: whoever knows it can read the calendar.
    public init(
        address: WebAddress, client: GuardedClient, reader: ItemReader, now: @escaping @Sendable () -> Instant
    ) {
        (self.address, self.client, self.reader, self.now) = (address, client, reader, now)
    }
}
