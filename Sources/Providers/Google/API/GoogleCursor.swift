internal import GuardedHTTP
internal import ProviderKit

/// Where reading a calendar's events stands. Google's tokens belong to the parameters of the request that gave them, so
/// these never change but for what is here.
struct GoogleCursor: Hashable, Sendable {
    /// Nil while everything is read.
    var syncToken: String?
    var pageToken: String?

    var cursor: SyncCursor {
        SyncCursor("v1&" + [syncToken, pageToken].map { $0.map(PercentEncoding.segment) ?? "" }.joined(separator: "&"))
    }

    init(syncToken: String? = nil, pageToken: String? = nil) {
        (self.syncToken, self.pageToken) = (syncToken, pageToken)
    }

    /// Nil where the text is not one of ours.
    init?(_ cursor: SyncCursor) {
        let parts = cursor.value.split(separator: "&", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "v1", let sync = PercentEncoding.decoded(String(parts[1])),
            let page = PercentEncoding.decoded(String(parts[2])), !(sync.isEmpty && page.isEmpty)
        else { return nil }
        self.init(syncToken: sync.isEmpty ? nil : sync, pageToken: page.isEmpty ? nil : page)
    }
}
