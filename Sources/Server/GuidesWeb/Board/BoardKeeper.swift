import CivilTime
import PageKit
import Season
import Synchronization
import Trips

/// Boards as they were shown last. What a board asks first is whether anything changed; guides of whom nothing did keep
/// their row, word for word.
final class BoardKeeper: Sendable {
    struct Board: Sendable {
        fileprivate let versions: GuideVersions
        /// Without busy time, which stands in the rows.
        let board: SeasonBoard
        fileprivate let byGuide: [PersonID: HTML]

        /// In the board's order.
        var rows: [HTML] { board.guides.map { byGuide[$0.person] ?? .nothing } }
    }

    private struct Key: Hashable {
        let service: ServiceID
        let zone: ZoneID
        let first: CivilDate
        let count: Int
    }

    private let boards = Mutex<[Key: Board]>([:])
    private static let mostBoards = 40

    func board(of service: ServiceID, _ days: BoardDays, store: SeasonStore) async throws -> Board {
        guard let window = days.window else { throw GuideFailure.notFound }
        let key = Key(service: service, zone: days.zone.id, first: days.first, count: days.count)
        // Asked before the board is read: what changes meanwhile makes it old, never new.
        let versions = try await store.versions(of: service)
        let last = boards.withLock { $0[key] }
        if let last, last.versions == versions { return last }
        let changed = versions.guides.filter {
            last?.versions.guides[$0.key] != $0.value || last?.byGuide[$0.key] == nil
        }
        let board = try await store.board(of: service, in: window, busyOf: Array(changed.keys))
        var rows = last?.byGuide ?? [:]
        for row in days.rows(of: board) where changed[row.guide.person] != nil {
            rows[row.guide.person] = row.html(titles: board.titles)
        }
        let fresh = Board(versions: versions, board: board.withoutBusyTime, byGuide: rows)
        boards.withLock { boards in
            if boards.count >= Self.mostBoards { boards = [:] }
            boards[key] = fresh
        }
        return fresh
    }
}

extension SeasonBoard {
    fileprivate var titles: [TripID: String] {
        Dictionary(trips.map { ($0.trip.id, $0.trip.title) }, uniquingKeysWith: { one, _ in one })
    }
}

extension BoardRow {
    /// The row of a table. HTML needs no end tags of cells and rows, and there are thousands.
    fileprivate func html(titles: [TripID: String]) -> HTML {
        var html: HTML = "<tr data-guide=\"\(guide.person.value)\"><th scope=\"row\">\(guide.name)"
        for run in runs { html += run.html(titles) }
        html += "\n"
        return html
    }
}

extension BoardRow.Run {
    fileprivate func html(_ titles: [TripID: String]) -> HTML {
        let span: HTML = days > 1 ? " colspan=\(days)" : HTML.nothing
        switch cell {
        case .free: return HTML(repeatElement("<td>", count: days))
        case .soft: return "<td class=soft\(span)>perhaps"
        case .busy(let source): return "<td class=busy\(span)>\(source.words)"
        case .away: return "<td class=away\(span)>away"
        case .trip(let trip, let asked, let clashes):
            let kind: HTML = clashes ? "clash" : asked ? "asked" : "trip"
            // The board's own address ends beside `trips/`.
            return """
                <td class=\(kind)\(span)><a href="trips/\(PercentCoding.encodeSegment(trip.value))">\
                \(clashes ? "Conflict: " : asked ? "Asked: " : "")\(titles[trip] ?? "")</a>
                """
        }
    }
}
