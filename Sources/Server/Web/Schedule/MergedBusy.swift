import CivilTime

/// What others see: when, and whether it is certain. Overlapping times become one, so that not even their number shows.
enum MergedBusy {
    static func merge(_ occupied: [Occupied], days: [CivilDate]) -> [Occupied] {
        allDay(occupied, days: days) + timed(occupied)
    }

    private static func allDay(_ occupied: [Occupied], days: [CivilDate]) -> [Occupied] {
        var kinds: [CivilDate: Occupied.Kind] = [:]
        for item in occupied where item.kind != .free {
            guard case .dates(let start, let end) = item.span else { continue }
            for day in days where day >= start && day < end && kinds[day] != .busy {
                kinds[day] = item.kind == .tentative ? .tentative : .busy
            }
        }
        return days.compactMap { day in
            guard let kind = kinds[day], let next = day.adding(days: 1) else { return nil }
            return Occupied(span: .dates(day, next), kind: kind)
        }
    }

    /// A sweep over all starts and ends: at each moment, busy wins over tentative. O(n log n).
    private static func timed(_ occupied: [Occupied]) -> [Occupied] {
        var edges: [(at: Instant, busy: Int, tentative: Int)] = []
        for item in occupied where item.kind != .free {
            guard case .instants(let start, let end) = item.span, start < end else { continue }
            let (busy, tentative) = item.kind == .tentative ? (0, 1) : (1, 0)
            edges.append((start, busy, tentative))
            edges.append((end, -busy, -tentative))
        }
        edges.sort { $0.at < $1.at }
        var merged: [Occupied] = []
        var (busy, tentative, since) = (0, 0, Instant(seconds: 0))
        var kind: Occupied.Kind?
        for (index, edge) in edges.enumerated() {
            (busy, tentative) = (busy + edge.busy, tentative + edge.tentative)
            // Judge only after all edges of one moment, so that touching times join.
            if index + 1 < edges.count, edges[index + 1].at == edge.at { continue }
            let now: Occupied.Kind? = busy > 0 ? .busy : tentative > 0 ? .tentative : nil
            guard now != kind else { continue }
            if let kind { merged.append(Occupied(span: .instants(since, edge.at), kind: kind)) }
            (kind, since) = (now, edge.at)
        }
        return merged
    }
}
