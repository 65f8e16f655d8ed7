import Accounts
import CivilTime
import Events

/// Reads what takes a person's time in some days, for the owner or as others see it.
struct ScheduleReader: Sendable {
    enum Audience: Hashable, Sendable { case owner, others }

    let services: WebServices

    /// Records of one page of days at most; beyond, the rest is in doubt.
    static let limit = 10_000
    private static let pageSize = 1000

    /// `days` in order, not empty. Doubts that reach into these days come last.
    func occupied(
        _ picture: PersonPicture, days: [DayFrame], audience: Audience
    ) async throws -> (items: [Occupied], doubts: [Occupied]) {
        guard let first = days.first, let last = days.last else { return ([], []) }
        let counted = picture.calendars.filter(\.isCounted)
        var query = EventQuery(account: picture.account.id, client: Self.nobody)
        // A day more on both sides: dates of a calendar in another zone may begin before the account's day does.
        query.from = first.start.advanced(bySeconds: -86_400)
        query.to = last.end.advanced(bySeconds: 86_400)
        query.calendars = Set(counted.map(\.id))
        query.managed = .included
        query.busyOnly = audience == .others
        var doubts = Doubt.all(in: picture, now: services.now)
        var items: [Occupied] = []
        if !counted.isEmpty {
            let isWhole: Bool
            switch audience {
            case .owner: (items, isWhole) = try await ownerItems(query, picture)
            case .others:
                (items, isWhole) = try await busyItems(query)
                items = MergedBusy.merge(items, days: days.map(\.date))
            }
            if !isWhole { doubts.append(Doubt(from: nil, to: nil, reason: "there is too much to show here")) }
        }
        return (items, doubts.compactMap { $0.occupied(from: first.start, to: last.end) })
    }

    /// No application: every event looks external to the pages.
    private static let nobody = ClientID("")

    private func ownerItems(
        _ query: EventQuery, _ picture: PersonPicture
    ) async throws -> (items: [Occupied], isWhole: Bool) {
        let calendars = Dictionary(picture.calendars.map { ($0.id, $0) }) { first, _ in first }
        return try await pages { position in
            let page = try await services.events.events(
                query, after: position.map { EventProgress(after: $0, total: 0) }, limit: Self.pageSize)
            let items = page.records.map { record in
                let calendar = calendars[record.calendar]
                return Occupied(
                    span: Self.span(record.span), kind: Self.kind(record.weight), title: record.summary,
                    calendar: calendar?.name, hue: calendar.map { Hue.of($0, in: picture) })
            }
            return (items, page.next)
        }
    }

    private func busyItems(_ query: EventQuery) async throws -> (items: [Occupied], isWhole: Bool) {
        try await pages { position in
            let page = try await services.events.freeBusy(
                query, after: position.map { EventProgress(after: $0, total: 0) }, limit: Self.pageSize)
            let items = page.records.map { Occupied(span: Self.span($0.span), kind: Self.kind($0.weight)) }
            return (items, page.next)
        }
    }

    private func pages(
        _ read: (EventPosition?) async throws -> (items: [Occupied], next: EventPosition?)
    ) async throws -> (items: [Occupied], isWhole: Bool) {
        var (items, position) = ([Occupied](), EventPosition?.none)
        repeat {
            let page = try await read(position)
            items += page.items
            position = page.next
        } while position != nil && items.count < Self.limit
        return (items, position == nil)
    }

    private static func span(_ span: EventSpan) -> Occupied.Span {
        switch span {
        case .dates(let start, let end): .dates(start, end)
        case .instants(let start, let end, _, _): .instants(start, end)
        }
    }

    private static func kind(_ weight: Weight) -> Occupied.Kind {
        switch weight {
        case .free: .free
        case .tentative: .tentative
        case .busy: .busy
        }
    }
}
