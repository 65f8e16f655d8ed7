internal import GuardedHTTP
internal import ProviderKit

/// Fetches items: many at once where the server can, one by one where it cannot, and never lets one spoil the others.
struct ItemFetcher: Sendable {
    enum Outcome: Sendable {
        case item(RemoteItem)
        case gone(RemoteItemID)
    }

    let dav: DAVClient
    let collection: Collection
    let reader: ItemReader
    let cache: ListingCache
    let failures: CalDAVFailures

    /// One outcome for each of `entries`, in their order.
    func fetch(_ entries: [Listing.Entry]) async throws(RemoteFailure) -> [Outcome] {
        let wanted = entries.filter { !$0.isIrrelevant }
        let found = try await multiget(wanted)
        var outcomes: [Outcome] = []
        for entry in entries {
            if entry.isIrrelevant {
                outcomes.append(.item(RemoteItem(id: entry.id, version: entry.version, content: .irrelevant)))
            } else if let outcome = found[entry.id] {
                outcomes.append(outcome)
            } else {
                outcomes.append(try await single(entry))
            }
        }
        return outcomes
    }

    // MARK: - Many (RFC 4791 §7.9)

    /// What the report answers for; what it leaves out is asked for singly. A report that fails answers for nothing.
    private func multiget(_ entries: [Listing.Entry]) async throws(RemoteFailure) -> [RemoteItemID: Outcome] {
        guard entries.count > 1, await !cache.isMultigetUseless else { return [:] }
        let hrefs = entries.map { "<D:href>\(XMLWriter.escaped($0.address.path))</D:href>" }.joined()
        let body = XMLWriter.document(
            "C:calendar-multiget", "<D:prop><D:getetag/><C:calendar-data/></D:prop>" + hrefs)
        do {
            return outcomes(of: try await dav.report(collection.address, .one, body))
        } catch {
            guard error.isAboutRequest else { throw failures.failure(for: error) }
            if let status = error.status, [405, 501].contains(status) { await cache.noteMultigetIsUseless() }
            return [:]
        }
    }

    private func outcomes(of answer: Multistatus) -> [RemoteItemID: Outcome] {
        var outcomes: [RemoteItemID: Outcome] = [:]
        for member in answer.members {
            guard let address = member.address, let id = collection.itemID(at: address) else { continue }
            if member.isMissing {
                outcomes[id] = .gone(id)
            } else if let data = member[.caldav("calendar-data")]?.text, !data.isEmpty {
                outcomes[id] = .item(item(id, EntityTag.version(member[.dav("getetag")]?.trimmedText), data))
            }
        }
        return outcomes
    }

    // MARK: - One

    private func single(_ entry: Listing.Entry) async throws(RemoteFailure) -> Outcome {
        do {
            return try await get(entry.address, id: entry.id, version: entry.version).map { .item($0) }
                ?? .gone(entry.id)
        } catch {
            // The item's own trouble stays its own; it has no version, so the next complete listing tries again.
            guard error.isAboutRequest else { throw failures.failure(for: error) }
            return .item(RemoteItem(id: entry.id, version: nil, content: .unreadable(reason: Self.reason(error))))
        }
    }

    /// The item at `address`, or nil where there is none.
    func get(_ address: WebAddress, id: RemoteItemID, version: String? = nil) async throws(DAVError) -> RemoteItem? {
        let response = try await dav.send("GET", address, [Header("Accept", "text/calendar")])
        switch response.status {
        case 200:
            let text = String(decoding: response.body, as: UTF8.self)
            return item(id, EntityTag.version(response["ETag"]) ?? version, text)
        case 404, 410: return nil
        default: throw DAVError(response)
        }
    }

    private func item(_ id: RemoteItemID, _ version: String?, _ text: String) -> RemoteItem {
        RemoteItem(id: id, version: version, content: reader.content(of: text))
    }

    private static func reason(_ error: DAVError) -> String {
        switch error {
        case .fetch(let failure): failure.sentence
        case .status(let code, _, _): "The server does not give out this event (\(code))."
        case .notProtocol, .truncated, .anotherSite: "The server's answer for this event could not be understood."
        }
    }
}
