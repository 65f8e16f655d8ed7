import CivilTime
public import Trips

extension GuidePicture {
    /// Everything that keeps this guide from filling one place of `need` on a trip; empty where they can. Browse, hold,
    /// commit, staffing and 'why not' all ask here.
    public func obstacles(to span: TripSpan, filling need: CrewNeed, under rules: StaffingRules)
        -> [Obstacle]
    {
        var found: [Obstacle] = []
        func add(_ obstacle: Obstacle) -> Bool {
            if !found.contains(obstacle) { found.append(obstacle) }
            return true
        }
        visitUnfitness(for: need, on: span, add)
        visitTime(of: span, under: rules, add)
        return found
    }

    /// Whether nothing keeps them.
    public func can(run span: TripSpan, filling need: CrewNeed, under rules: StaffingRules) -> Bool {
        fits(need, on: span) && isFree(for: span, under: rules)
    }

    /// Whether who they are suits the need.
    func fits(_ need: CrewNeed, on span: TripSpan) -> Bool {
        var fits = true
        visitUnfitness(for: need, on: span) { _ in
            fits = false
            return false
        }
        return fits
    }

    /// Whether nothing that they do keeps them, whatever the need.
    func isFree(for span: TripSpan, under rules: StaffingRules) -> Bool {
        var isFree = true
        visitTime(of: span, under: rules) { _ in
            isFree = false
            return false
        }
        return isFree
    }

    /// Whether they hold what the need asks for on every day.
    func isQualified(for need: CrewNeed, on span: TripSpan) -> Bool {
        need.qualifications.allSatisfy { kind in
            qualifications.contains { $0.kind == kind && $0.holds(from: span.firstDay, through: span.lastDay) }
        }
    }

    /// Hands over each reason in the guide until `next` says to stop; so do the others.
    private func visitUnfitness(for need: CrewNeed, on span: TripSpan, _ next: (Obstacle) -> Bool) {
        guard isActive || next(.notMember) else { return }
        guard roles.contains(need.role) || next(.roleNotTaken(need.role)) else { return }
        guard !isQualified(for: need, on: span) else { return }
        for kind in need.qualifications.sorted() {
            if let obstacle = missing(kind, on: span), !next(obstacle) { return }
        }
    }

    /// Each reason in the guide's time.
    private func visitTime(of span: TripSpan, under rules: StaffingRules, _ next: (Obstacle) -> Bool) {
        if let away = presence.missing(in: span.period), !next(.outOfSeason(away)) { return }
        var goesOn = true
        busy.visit(from: span.period.start, to: span.period.end) { piece in
            if rules.policy.tentativeBlocks || !piece.isTentative { goesOn = next(.busy(piece.seen(in: span.period))) }
            return goesOn
        }
        guard goesOn, !trips.pieces.isEmpty else { return }
        trips.visitClashes(with: span, under: rules, next)
    }

    private func missing(_ kind: String, on span: TripSpan) -> Obstacle? {
        let held = qualifications.filter { $0.kind == kind }
        guard !held.contains(where: { $0.holds(from: span.firstDay, through: span.lastDay) }) else {
            return nil
        }
        // The one that reaches furthest says most.
        let begun = held.filter { $0.validFrom.map { $0 <= span.firstDay } ?? true }
        if let end = begun.compactMap(\.validThrough).max() {
            return .qualificationEnds(kind, on: end, day: span.number(of: end))
        }
        if let start = held.compactMap(\.validFrom).min() {
            return .qualificationBegins(kind, on: start, day: span.number(of: start))
        }
        return .lacksQualification(kind)
    }
}

extension Timeline<CrewTrip> {
    /// Hands over what keeps a guide with these trips from another one, until `next` says to stop.
    func visitClashes(with span: TripSpan, under rules: StaffingRules, _ next: (Obstacle) -> Bool) {
        let (start, end) = (span.period.start, span.period.end)
        let (from, to) = (start.advanced(bySeconds: -rules.reach), end.advanced(bySeconds: rules.reach))
        var goesOn = true
        visit(from: from ?? start, to: to ?? end) { other in
            if let obstacle = span.clash(with: other.span, under: rules) { goesOn = next(obstacle) }
            return goesOn
        }
        guard goesOn else { return }
        // One trip twice is found above only where it lies near; it may have been moved.
        if let id = span.trip, pieces.contains(where: { $0.span.trip == id }), !next(.alreadyOnTrip(id)) {
            return
        }
        if rules.policy.restDays > 0 { visitRest(around: span, needed: rules.policy.restDays, next) }
    }
}

extension TripSpan {
    /// What keeps a guide on `other` from this trip; rest days apart, which concern more than two.
    func clash(with other: TripSpan, under rules: StaffingRules) -> Obstacle? {
        guard trip == nil || trip != other.trip else { return nil }
        if other.period.start < period.end && period.start < other.period.end {
            return .onTrip(other.trip, other.period)
        }
        let isBefore = other.period.end <= period.start
        let (first, second) = isBefore ? (other, self) : (self, other)
        let gap = second.period.start.seconds - first.period.end.seconds
        let turnaround = max(rules.policy.turnaroundMinutes, 0)
        if gap < Int64(turnaround) * 60 {
            return .turnaround(other.trip, minutes: Int(gap / 60), needed: turnaround)
        }
        let needed = turnaround + rules.drives.minutes(from: first.place, to: second.place)
        return gap < Int64(needed) * 60
            ? .drive(other.trip, minutes: Int(gap / 60), needed: needed) : nil
    }
}
