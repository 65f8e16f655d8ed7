import CivilTime
import Staffing
import Trips

/// The rules once more, written apart: it walks over quarters of an hour and days, and knows neither order nor search.
struct SlowCheck {
    let rules: StaffingRules
    /// What a faulty copy of the rules forgets; for controls.
    var forgets: String?

    init(_ rules: StaffingRules, forgetting rule: String? = nil) {
        (self.rules, forgets) = (rules, rule)
    }

    /// The codes of everything that keeps the guide away.
    func codes(_ guide: GuidePicture, _ span: TripSpan, _ need: CrewNeed) -> Set<String> {
        var codes: Set<String> = []
        if !guide.isActive { codes.insert("not-member") }
        if !guide.roles.contains(need.role) { codes.insert("role-not-taken") }
        for kind in need.qualifications {
            if let code = certificate(kind, guide, span) { codes.insert(code) }
        }
        for quarter in stride(from: span.period.start.seconds, to: span.period.end.seconds, by: 900) {
            if case .within(let open) = guide.presence,
                !open.contains(where: { $0.start.seconds <= quarter && quarter + 900 <= $0.end.seconds })
            {
                codes.insert("out-of-season")
            }
            for row in guide.busy.pieces
            where row.period.start.seconds <= quarter && quarter < row.period.end.seconds {
                if row.isTentative && !rules.policy.tentativeBlocks { continue }
                codes.insert(code(row))
            }
        }
        return codes.union(amongTrips(guide, span)).subtracting(forgets.map { [$0] } ?? [])
    }

    private func certificate(_ kind: String, _ guide: GuidePicture, _ span: TripSpan) -> String? {
        guard let held = guide.qualifications.first(where: { $0.kind == kind }) else {
            return "qualification-missing"
        }
        for day in span.firstDay.dayNumber...span.lastDay.dayNumber {
            if let from = held.validFrom, day < from.dayNumber { return "qualification-begins" }
            if let through = held.validThrough, day > through.dayNumber { return "qualification-ends" }
        }
        return nil
    }

    private func code(_ row: BusyTime) -> String {
        switch (row.visibility, row.source) {
        case (.private, _), (.busy, .assignment): "busy"
        case (.detail, .assignment): "other-service"
        case (_, .manual): "blocked"
        case (_, .sync): row.isTentative ? "calendar-tentative" : "calendar-busy"
        }
    }

    func amongTrips(_ guide: GuidePicture, _ span: TripSpan) -> Set<String> {
        var codes: Set<String> = []
        let trips = guide.trips.pieces.map(\.span)
        for other in trips {
            if other.trip == span.trip {
                codes.insert("already-on-trip")
                continue
            }
            let apart = max(
                other.period.start.seconds - span.period.end.seconds,
                span.period.start.seconds - other.period.end.seconds)
            let road =
                other.place == span.place ? 0 : rules.drives.minutes(from: other.place, to: span.place)
            if apart < 0 {
                codes.insert("on-trip")
            } else if apart < rules.policy.turnaroundMinutes * 60 {
                codes.insert("turnaround")
            } else if apart < (rules.policy.turnaroundMinutes + road) * 60 {
                codes.insert("drive-time")
            }
        }
        if rules.policy.restDays > 0, codes.isDisjoint(with: ["on-trip", "already-on-trip"]),
            lacksRest(trips + [span], span)
        {
            codes.insert("rest-days")
        }
        return codes
    }

    /// Whether two neighbours among the longer trips, `span` being one of them or between them, are too near.
    private func lacksRest(_ all: [TripSpan], _ span: TripSpan) -> Bool {
        let worked = Set(all.flatMap { $0.firstDay.dayNumber...$0.lastDay.dayNumber })
        let long = all.filter { $0.days > 1 }.sorted { $0.firstDay < $1.firstDay }
        for (first, second) in zip(long, long.dropFirst()) {
            let between = first.lastDay < span.firstDay && span.lastDay < second.firstDay
            guard first == span || second == span || between else { continue }
            let gap = Set(stride(from: first.lastDay.dayNumber + 1, to: second.firstDay.dayNumber, by: 1))
            if gap.subtracting(worked).count < rules.policy.restDays { return true }
        }
        return false
    }
}
