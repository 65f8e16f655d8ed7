import Trips

extension StaffingPicture {
    /// Who can run a departure: the best crews, everybody who can, and for everybody else the reasons and what would
    /// free them.
    /// - Parameters:
    ///   - crews: at most so many.
    ///   - nearMisses: at most so many for each guide; 0 where nobody asks, which saves most of the time.
    public func whoCanRun(_ question: CrewQuestion, crews limit: Int = 5, nearMisses: Int = 2)
        -> CrewAnswer
    {
        let span = question.departure.span
        let (free, short) = resources(for: question.resources, in: span.period)
        let full = fill(question.needs, on: span, limit: short.isEmpty ? limit : 0)
        // Where the ratio only warns, a crew that is too small is better than none.
        let isBelow = full.openPlaces > 0 && question.least != question.needs
        let filled = isBelow ? fill(question.least, on: span, limit: short.isEmpty ? limit : 0) : full
        let needs = isBelow ? question.least : question.needs
        let changes = nearMisses > 0 ? Self.changes(of: question.departure) : []
        var (able, unable) = (
            [(guide: AbleGuide, name: String)](), [(guide: UnableGuide, name: String)]()
        )
        for (index, guide) in guides.enumerated() {
            let fits = needs.indices.filter { filled.candidates[$0].contains { $0.guide == index } }
            guard fits.isEmpty else {
                able.append((AbleGuide(guide: guide.id, needs: fits, load: guide.load), guide.name))
                continue
            }
            let obstacles = needs.map { guide.obstacles(to: span, filling: $0, under: rules) }
            let near = self.nearMisses(of: guide, needs, obstacles, changes, limit: nearMisses)
            unable.append(
                (UnableGuide(guide: guide.id, obstacles: obstacles, nearMisses: near), guide.name))
        }
        able.sort {
            ($0.guide.load, $0.name, $0.guide.guide) < ($1.guide.load, $1.name, $1.guide.guide)
        }
        unable.sort {
            ($0.guide.order, $0.name, $0.guide.guide) < ($1.guide.order, $1.name, $1.guide.guide)
        }
        return CrewAnswer(
            needs: needs, isBelowRatio: isBelow,
            crews: filled.search.best.map { crew($0, needs, on: span) },
            isComplete: filled.search.isComplete, openPlaces: filled.openPlaces, able: able.map(\.guide),
            unable: unable.map(\.guide), resources: short.isEmpty ? free : [], shortages: short)
    }

    private struct Filling {
        let candidates: [[CrewSearch.Candidate]]
        let search: CrewSearch
        let openPlaces: Int
    }

    private func fill(_ needs: [CrewNeed], on span: TripSpan, limit: Int) -> Filling {
        let names = guides.indices.sorted {
            (guides[$0].name, guides[$0].id) < (guides[$1].name, guides[$1].id)
        }
        var candidates = needs.map { _ in [CrewSearch.Candidate]() }
        for (place, index) in names.enumerated() where guides[index].isFree(for: span, under: rules) {
            let guide = guides[index]
            let load = guide.load
            for (need, wanted) in needs.enumerated() where guide.fits(wanted, on: span) {
                let rank = CrewRank(
                    load: load, spareQualifications: guide.spareQualifications(beside: wanted, on: span),
                    names: place)
                candidates[need].append(.init(guide: index, rank: rank))
            }
        }
        let choices = needs.indices.flatMap {
            Array(repeating: candidates[$0].map(\.guide), count: needs[$0].count)
        }
        let open = choices.count - Matching(choices, takers: guides.count).count
        let search = CrewSearch(
            candidates, counts: needs.map(\.count), guides: guides.count, limit: open == 0 ? limit : 0)
        return Filling(candidates: candidates, search: search, openPlaces: open)
    }

    private func crew(_ found: CrewSearch.Found, _ needs: [CrewNeed], on span: TripSpan) -> Crew {
        let members = found.choices.map { choice in
            let (guide, need) = (guides[choice.guide], needs[choice.need])
            return Crew.Member(
                guide: guide.id, need: choice.need, role: need.role, load: guide.load,
                spareQualifications: guide.spareQualifications(beside: need, on: span))
        }
        return Crew(members: members, rank: found.rank)
    }
}

extension GuidePicture {
    func spareQualifications(beside need: CrewNeed, on span: TripSpan) -> Int {
        Set(qualifications.filter { $0.holds(from: span.firstDay, through: span.lastDay) }.map(\.kind))
            .subtracting(need.qualifications).count
    }
}

extension UnableGuide {
    /// The smallest change, then the fewest reasons.
    fileprivate var order: Int {
        (nearMisses.first?.change.size ?? 1_000_000) * 100 + min(fewest.count, 99)
    }
}
