import CivilTime
import Season
import Trips

/// What stands in one guide's row of the board, day by day, with equal days put together.
struct BoardRow: Sendable {
    let guide: Member
    let runs: [Run]

    struct Run: Sendable {
        let first, days: Int
        let cell: Cell
    }

    enum Cell: Hashable, Sendable {
        case free
        /// Perhaps taken.
        case soft
        /// Taken by something that may be said to be there.
        case busy(GuideAvailability.Source)
        /// Taken; the guide says no more.
        case away
        /// On a trip of this service; `clashes` where something else takes the same day too.
        case trip(TripID, asked: Bool, clashes: Bool)

        fileprivate var rank: Int {
            switch self {
            case .free: 0
            case .soft: 1
            case .away, .busy: 2
            case .trip: 3
            }
        }
    }
}

/// The days of a board and what falls on them, in the service's zone.
struct BoardDays: Sendable {
    let zone: Zone
    let first: CivilDate
    let count: Int

    /// The instants they reach over; nil beyond what dates can say.
    var window: Period? {
        guard let last = first.adding(days: count) else { return nil }
        return Period(from: zone.instant(of: first.midnight), to: zone.instant(of: last.midnight))
    }

    /// Places of the days that `period` touches.
    func places(of period: Period) -> Range<Int> {
        let last = period.end.advanced(bySeconds: -1) ?? period.end
        let (from, to) = (
            Int(zone.civil(at: period.start).date.dayNumber) - Int(first.dayNumber),
            Int(zone.civil(at: last).date.dayNumber) - Int(first.dayNumber)
        )
        let start = min(max(from, 0), count)
        return start..<max(min(to + 1, count), start)
    }

    /// A row for every guide, in the board's order. O(rows and days), whatever their number.
    func rows(of board: SeasonBoard) -> [BoardRow] {
        let trips = Dictionary(board.trips.map { ($0.trip.id, $0.trip) }, uniquingKeysWith: { one, _ in one })
        let busy = Dictionary(grouping: board.busy, by: \.guide)
        let crews = Dictionary(grouping: board.assignments.filter(\.state.holdsTime), by: \.guide)
        return board.guides.map { guide in
            var cells = [BoardRow.Cell](repeating: .free, count: count)
            func put(_ cell: BoardRow.Cell, on period: Period) {
                for place in places(of: period) where cell.rank > cells[place].rank { cells[place] = cell }
            }
            for row in busy[guide.person] ?? [] where !row.isAvailable {
                put(
                    row.visibility == .private ? .away : row.isTentative ? .soft : .busy(row.source), on: row.period)
            }
            let openings = (busy[guide.person] ?? []).filter { $0.isAvailable && $0.source == .manual }
            for assignment in crews[guide.person] ?? [] {
                guard let trip = trips[assignment.trip] else { continue }
                let clashes = (busy[guide.person] ?? []).contains { row in
                    !row.isAvailable && !row.isTentative && row.period.start < trip.period.end
                        && row.period.end > trip.period.start
                        && !openings.contains { $0.period.start <= row.period.start && $0.period.end >= row.period.end }
                }
                let cell = BoardRow.Cell.trip(trip.id, asked: assignment.state == .asked, clashes: clashes)
                for place in places(of: trip.period) { cells[place] = cell }
            }
            return BoardRow(guide: guide, runs: Self.runs(cells))
        }
    }

    private static func runs(_ cells: [BoardRow.Cell]) -> [BoardRow.Run] {
        var runs: [BoardRow.Run] = []
        for (place, cell) in cells.enumerated() {
            if let last = runs.last, last.cell == cell {
                runs[runs.count - 1] = .init(first: last.first, days: last.days + 1, cell: cell)
            } else {
                runs.append(.init(first: place, days: 1, cell: cell))
            }
        }
        return runs
    }
}

/// A trip that still wants people.
struct OpenTrip: Sendable {
    let stored: StoredTrip
    /// Roles with how many are missing.
    let missing: [(role: CrewRole, count: Int)]

    var words: String { missing.map { "\($0.count) \($0.role.words)" }.joined(separator: ", ") }

    /// The trips of a board that lack somebody, by start.
    static func of(_ board: SeasonBoard, after now: Instant) -> [OpenTrip] {
        let crews = Dictionary(grouping: board.assignments.filter(\.state.holdsTime), by: \.trip)
        return board.trips.compactMap { stored in
            guard stored.trip.period.end > now, stored.trip.state != .held else { return nil }
            let missing = Self.missing(of: stored, crew: crews[stored.trip.id] ?? [])
            return missing.isEmpty ? nil : OpenTrip(stored: stored, missing: missing)
        }
    }

    static func missing(of stored: StoredTrip, crew: [Assignment]) -> [(role: CrewRole, count: Int)] {
        let needs = stored.trip.needs(forGuests: stored.seatsTaken)
        return CrewRole.allCases.compactMap { role in
            let wanted = needs.filter { $0.role == role }.reduce(0) { $0 + $1.count }
            let have = crew.count { $0.role == role && $0.state.holdsTime }
            return wanted > have ? (role, wanted - have) : nil
        }
    }
}

extension CrewRole {
    var words: String {
        switch self {
        case .lead: "lead"
        case .assist: "assistant"
        case .trainee: "trainee"
        case .backup: "backup"
        }
    }
}
