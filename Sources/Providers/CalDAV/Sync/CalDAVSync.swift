internal import CivilTime
internal import GuardedHTTP
internal import ProviderKit

/// One page of changes: decides how to list, gives the listing out in pages, and fetches what the caller does not have.
struct CalDAVSync: Sendable {
    let calendar: RemoteCalendarID
    let reader: CollectionReader
    let items: ItemFetcher
    let cache: ListingCache
    let failures: CalDAVFailures
    let now: Instant
    let limits: CalDAVLimits

    typealias Known = @Sendable ([RemoteItemID]) async throws -> [RemoteItemID: String]

    func page(since cursor: SyncCursor?, known: Known) async throws(RemoteFailure) -> ChangePage {
        var standing = CalDAVCursor(position: .start)
        if let cursor {
            guard let read = CalDAVCursor(cursor.value) else { throw .cursorExpired }
            standing = read
        }
        let listing = try await listing(for: standing)
        return try await page(of: listing, from: standing, known: known)
    }

    // MARK: - Listing

    private func listing(for cursor: CalDAVCursor) async throws(RemoteFailure) -> Listing {
        guard let rest = cursor.rest else { return try await fresh(cursor, from: cursor.position) }
        if let kept = await cache.listing(of: calendar, upTo: cursor.position) { return kept }
        var base = cursor
        base.rest = nil
        var listing = try await fresh(base, from: rest.base, isAgain: true)
        // What changed in between comes again from the position of the first listing; the cursor keeps that one.
        listing.position = cursor.position
        listing.isTruncated = rest.isTruncated
        if rest.isComplete, !listing.isComplete { listing = try await everything(upTo: cursor.position) }
        return listing
    }

    private func fresh(
        _ cursor: CalDAVCursor, from position: CalDAVCursor.Position, isAgain: Bool = false
    ) async throws(RemoteFailure) -> Listing {
        switch position {
        case .start: return try await first()
        case .token(let token): return try await sinceToken(token, cursor, isAgain: isAgain)
        case .tag(let tag):
            let current: String?
            do { current = try await reader.changeTag() } catch { throw failures.failure(for: error) }
            if let tag, tag == current, !isDue(cursor), !isAgain {
                return Listing(entries: [], position: position, isComplete: false)
            }
            return try await everything(upTo: .tag(current))
        }
    }

    private func first() async throws(RemoteFailure) -> Listing {
        let reply: CollectionReader.SyncReply
        do { reply = try await reader.syncCollection(since: "") } catch {
            if case .failed(let cause) = error, !cause.isAboutRequest || cause.status == 404 {
                throw failures.failure(for: cause)
            }
            return try await fresh(CalDAVCursor(position: .tag(nil)), from: .tag(nil))
        }
        if reply.named == 0, !reply.listing.isTruncated { return try await everything(upTo: reply.listing.position) }
        return reply.listing
    }

    private func sinceToken(
        _ token: String, _ cursor: CalDAVCursor, isAgain: Bool
    ) async throws(RemoteFailure) -> Listing {
        var reply: CollectionReader.SyncReply
        do { reply = try await reader.syncCollection(since: token) } catch {
            switch error {
            case .invalidToken, .unsupported: throw .cursorExpired
            case .failed(let cause): throw failures.failure(for: cause)
            }
        }
        if cursor.isCompleting {
            reply.listing.isComplete = true
            return reply.listing
        }
        // Some servers answer a token they have forgotten with a list of everything and no word of what is gone.
        let isSuspect = cursor.members > 0 && reply.named >= cursor.members - cursor.members / 5
        guard isSuspect || isDue(cursor), !reply.listing.isTruncated, !isAgain else { return reply.listing }
        return try await everything(upTo: reply.listing.position)
    }

    private func everything(upTo position: CalDAVCursor.Position) async throws(RemoteFailure) -> Listing {
        do { return try await reader.everything(upTo: position) } catch { throw failures.failure(for: error) }
    }

    /// Every provider has been seen to lose a change without an error: now and then everything is compared.
    private func isDue(_ cursor: CalDAVCursor) -> Bool {
        let (age, overflow) = now.seconds.subtractingReportingOverflow(cursor.listedAt)
        return overflow || age >= limits.completeListingEvery.components.seconds
    }

    // MARK: - Pages

    private func page(of listing: Listing, from cursor: CalDAVCursor, known: Known) async throws(RemoteFailure)
        -> ChangePage
    {
        var page = ChangePage(changed: [], isComplete: listing.isComplete, next: .done(SyncCursor(""), pollAfter: nil))
        let entries = listing.entries
        var index = cursor.rest.map { rest in Self.position(in: entries, after: rest.after) } ?? 0
        let begin = index
        var fresh = 0
        while index < entries.count, page.changed.count < limits.fetchedPerPage, index - begin < limits.namedPerPage {
            let chunk = entries[index..<min(index + limits.multiget, entries.count)]
            fresh += try await add(chunk, to: &page, known: known)
            index += chunk.count
        }
        let isWhole = index >= entries.count
        if isWhole { page.removed += listing.removed }
        page.next = await next(
            listing, cursor, after: isWhole ? nil : entries[index - 1].id, fresh: fresh, removed: page.removed.count)
        page.bytes = reader.dav.meter.total
        return page
    }

    private static func position(in entries: [Listing.Entry], after name: String) -> Int {
        entries.firstIndex { $0.id.value > name } ?? entries.count
    }

    /// Adds one chunk; gives how many of it the caller had never seen.
    private func add(
        _ chunk: ArraySlice<Listing.Entry>, to page: inout ChangePage, known: Known
    ) async throws(RemoteFailure) -> Int {
        let versions: [RemoteItemID: String]
        do { versions = try await known(chunk.map(\.id)) } catch {
            throw .unreachable(reason: "What is stored already could not be looked up.")
        }
        let isComplete = page.isComplete
        let isUnchanged: (Listing.Entry) -> Bool = { entry in
            guard let version = entry.version, versions[entry.id] == version else { return false }
            return isComplete || !EntityTag.mayRepeat(version)
        }
        page.unchanged += chunk.filter(isUnchanged).map(\.id)
        let needed = chunk.filter { !isUnchanged($0) }
        for outcome in try await items.fetch(needed) {
            switch outcome {
            case .item(let item): page.changed.append(item)
            // Gone since it was listed. A complete read leaves it unnamed, which says the same.
            case .gone(let id): if !page.isComplete { page.removed.append(id) }
            }
        }
        return chunk.count { versions[$0.id] == nil }
    }

    private func next(
        _ listing: Listing, _ cursor: CalDAVCursor, after last: RemoteItemID?, fresh: Int, removed: Int
    ) async -> ChangePage.Next {
        var next = cursor
        next.position = listing.position
        if let last {
            await cache.keep(listing, of: calendar)
            next.rest = .init(
                base: cursor.rest?.base ?? cursor.position, after: last.value, isComplete: listing.isComplete,
                isTruncated: listing.isTruncated)
            if !listing.isComplete { next.members += fresh }
            return .more(SyncCursor(next.text))
        }
        await cache.drop(calendar)
        next.rest = nil
        if listing.isComplete {
            next.members = (cursor.isCompleting ? cursor.members : 0) + listing.entries.count
            next.listedAt = now.seconds
        } else {
            next.members = max(0, next.members + fresh - removed)
        }
        next.isCompleting = listing.isComplete && listing.isTruncated
        return listing.isTruncated ? .more(SyncCursor(next.text)) : .done(SyncCursor(next.text), pollAfter: nil)
    }
}
