internal import GuardedHTTP
internal import ProviderKit

/// Lists a calendar by the best means its server has: sync tokens, else tag and ETags, else a query.
struct CollectionReader: Sendable {
    let dav: DAVClient
    let collection: Collection

    // MARK: - sync-collection (RFC 6578)

    struct SyncReply: Sendable {
        var listing: Listing
        let named: Int
    }

    enum SyncError: Error, Hashable, Sendable {
        /// The token is refused: begin again.
        case invalidToken
        /// This server or collection has no tokens.
        case unsupported
        case failed(DAVError)
    }

    /// What changed since `token`; an empty one asks for everything.
    func syncCollection(since token: String) async throws(SyncError) -> SyncReply {
        // No DAV:limit: several servers cut the list without saying so and lose the rest.
        let body = XMLWriter.document(
            "D:sync-collection",
            """
            <D:sync-token>\(XMLWriter.escaped(token))</D:sync-token><D:sync-level>1</D:sync-level>\
            <D:prop><D:getetag/></D:prop>
            """
        )
        let answer: Multistatus
        do { answer = try await dav.report(collection.address, .zero, body) } catch {
            throw await meaning(of: error, token: token)
        }
        guard let next = answer.syncToken, !next.isEmpty else { throw .unsupported }
        return try reply(answer, from: token, to: next)
    }

    private func reply(_ answer: Multistatus, from token: String, to next: String) throws(SyncError) -> SyncReply {
        var entries: [Listing.Entry] = []
        var removed: [RemoteItemID] = []
        var isTruncated = false
        for member in answer.members {
            guard let address = member.address else { continue }
            guard let id = collection.itemID(at: address) else {
                // RFC 6578 §3.6: the collection itself, with 507, says that there is more.
                if member.status == 507 { isTruncated = true }
                continue
            }
            if member.isMissing {
                removed.append(id)
            } else if let entry = entry(id, address, member) {
                entries.append(entry)
            }
        }
        // A server that says "more" but does not move on would never end.
        if isTruncated, next == token { throw .unsupported }
        let listing = Listing(
            entries: entries, removed: removed, position: .token(next), isComplete: token.isEmpty,
            isTruncated: isTruncated)
        return SyncReply(listing: listing, named: listing.entries.count)
    }

    /// A refused token has many spellings (RFC 6578 §3.2 names one); two of them also mean other things.
    private func meaning(of error: DAVError, token: String) async -> SyncError {
        guard let status = error.status, error.isAboutRequest else { return .failed(error) }
        if error.conditions.contains(.dav("valid-sync-token")) { return token.isEmpty ? .unsupported : .invalidToken }
        if error.conditions.contains(.dav("supported-report")) || [405, 501].contains(status) { return .unsupported }
        if status == 404 { return .failed(error) }
        if token.isEmpty { return .unsupported }
        if [409, 410, 412, 418].contains(status) { return .invalidToken }
        // 400, 403, 500 and the like: the token is to blame if asking without it works.
        do {
            _ = try await syncCollection(since: "")
            return .invalidToken
        } catch {
            // A server that fails either way is down; one that refuses either way has stopped giving tokens.
            return error == .unsupported && status >= 500
                ? .failed(.status(status, conditions: [], retryAfter: nil)) : error
        }
    }

    // MARK: - Tag and ETags

    /// A mark that changes with the collection, asked before it is listed so that nothing falls between.
    func changeTag() async throws(DAVError) -> String? {
        let answer = try await dav.propfind(collection.address, .zero, "<CS:getctag/>").0
        let member = own(answer) ?? answer.members.first  // a server that ignores Depth lists the items too
        if member?.isMissing == true { throw .status(404, conditions: [], retryAfter: nil) }
        let tag = member?[.server("getctag")]?.trimmedText
        return tag?.isEmpty == false ? tag : nil
    }

    /// Everything there is. An empty answer is asked for a second time in another way before it is believed.
    func everything(upTo position: CalDAVCursor.Position) async throws(DAVError) -> Listing {
        let properties = "<D:getetag/><D:getcontenttype/><D:resourcetype/>"
        var answer: Multistatus
        do throws(DAVError) {
            answer = try await dav.propfind(collection.address, .one, properties).0
            if answer.members.isEmpty { throw .notProtocol }  // the collection itself must be in it
            try failIfTruncated(answer)
        } catch {
            guard error.isAboutRequest, error.status != 404 else { throw error }
            answer = try await query()
            try failIfTruncated(answer)
        }
        try failIfCollectionIsMissing(answer)
        var entries = members(of: answer)
        if entries.isEmpty { entries = try await confirmedEmpty() }
        return Listing(entries: entries, position: position, isComplete: true)
    }

    private func confirmedEmpty() async throws(DAVError) -> [Listing.Entry] {
        do throws(DAVError) {
            let answer = try await query()
            try failIfTruncated(answer)
            return members(of: answer)
        } catch {
            if error.isAboutRequest, error != .truncated { return [] }  // this server has no queries: the listing stands
            throw error
        }
    }

    /// RFC 4791 §7.8, without a time range: servers miss series in them.
    private func query() async throws(DAVError) -> Multistatus {
        try await dav.report(
            collection.address, .one,
            XMLWriter.document(
                "C:calendar-query",
                """
                <D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR">\
                <C:comp-filter name="VEVENT"/></C:comp-filter></C:filter>
                """
            ))
    }

    /// Old Xandikos says 207 with a 404 inside for a collection that is not there.
    private func failIfCollectionIsMissing(_ answer: Multistatus) throws(DAVError) {
        if own(answer)?.isMissing == true { throw .status(404, conditions: [], retryAfter: nil) }
    }

    /// RFC 6578 §3.6 and RFC 4791 §7.8: 507 on the collection itself. A part of a list must not pass for all of it.
    private func failIfTruncated(_ answer: Multistatus) throws(DAVError) {
        guard answer.members.contains(where: { $0.status == 507 }) else { return }
        throw .truncated
    }

    /// What the answer says about the collection itself.
    private func own(_ answer: Multistatus) -> Multistatus.Member? {
        let path = Self.withoutSlash(collection.address.comparablePath)
        return answer.members.first { $0.address.map { Self.withoutSlash($0.comparablePath) } == path }
    }

    private static func withoutSlash(_ path: String) -> Substring { path.hasSuffix("/") ? path.dropLast() : path[...] }

    private func members(of answer: Multistatus) -> [Listing.Entry] {
        answer.members.compactMap { member in
            guard !member.isMissing, let address = member.address, let id = collection.itemID(at: address) else {
                return nil
            }
            return entry(id, address, member)
        }
    }

    private func entry(_ id: RemoteItemID, _ address: WebAddress, _ member: Multistatus.Member) -> Listing.Entry? {
        if member[.dav("resourcetype")]?.has(.dav("collection")) == true { return nil }
        let type = member[.dav("getcontenttype")]?.trimmedText.lowercased() ?? ""
        // Doubt means busy: what is called .ics is read, whatever type a plain file server gives it.
        let isNamed = address.path.lowercased().hasSuffix(".ics")
        let isTyped = type.hasPrefix("text/calendar") || type.hasPrefix("application/octet-stream")
        if !type.isEmpty, !isTyped, !isNamed { return nil }
        let isOther = ["vtodo", "vjournal", "vavailability"].contains { type.contains("component=\($0)") }
        return Listing.Entry(
            id: id, address: address, version: EntityTag.version(member[.dav("getetag")]?.trimmedText),
            isIrrelevant: isOther)
    }
}
