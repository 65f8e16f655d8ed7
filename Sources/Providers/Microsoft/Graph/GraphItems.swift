internal import CivilTime
internal import CronofyWire
internal import ProviderKit

/// Reads single items: events, and series with everything that was changed or deleted of them.
struct GraphItems: Sendable {
    let client: GraphClient
    let mailbox: GraphMailbox
    let itemReader: ItemReader
    let zones: ZoneDatabase

    struct Reader {
        let series: GraphSeriesReader
        let itemReader: ItemReader

        func item(_ json: JSONValue, id: RemoteItemID) -> RemoteItem {
            let content: RemoteItem.Content
            do { content = itemReader.content(of: try series.text(json)) } catch {
                content = .unreadable(reason: error.sentence)
            }
            return RemoteItem(id: id, version: GraphItems.version(json), content: content)
        }
    }

    func reader() async throws(RemoteFailure) -> Reader {
        let profile = try await mailbox.profile()
        return Reader(
            series: GraphSeriesReader(
                zones: zones, mailboxZone: profile.zoneName.flatMap { zones.resolve(name: $0) }, owner: profile.owner),
            itemReader: itemReader)
    }

    /// Nil where it does not exist.
    func whole(_ id: RemoteItemID) async throws(RemoteFailure) -> RemoteItem? {
        guard let json = try await json(id.value) else { return nil }
        return try await reader().item(json, id: id)
    }

    func json(_ id: String) async throws(RemoteFailure) -> JSONValue? {
        do { return try await client.get(GraphPaths.whole(id)).json } catch {
            if error == .gone { return nil }
            throw error
        }
    }

    /// `changeKey`, which a series changes with each of its instances.
    static func version(_ json: JSONValue) -> String? {
        if let key = json["changeKey"]?.words { return key }
        // `W/"<changeKey>"`
        guard let etag = json["@odata.etag"]?.words else { return nil }
        let parts = etag.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count == 3 ? String(parts[1]) : nil
    }
}
