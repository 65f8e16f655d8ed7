public import CivilTime
public import Recurrence

extension EventSeries {
    /// The occurrences that touch `window`, by start. `zone` decides floating times, and where a day begins.
    ///
    /// Overrides replace the instance whose original start equals their RECURRENCE-ID as an instant, however either is
    /// spelled; a moved instance is only at its new time. RANGE=THISANDFUTURE moves and re-details what follows. Where
    /// DTEND gives the length, every instance has exactly that length (RFC 5545 §3.8.5.3).
    public func occurrences(
        in window: Period, zone: Zone, zones: ZoneDatabase, limits: ExpansionLimits = .init()
    ) -> Expansion {
        var expander = SeriesExpander(series: self, window: window, zone: zone, zones: zones)
        return expander.expand(limits: limits)
    }
}

/// Works out one expansion.
private struct SeriesExpander {
    let series: EventSeries
    let window: Period
    let zone: Zone
    let zones: ZoneDatabase
    private var found: [Occurrence] = []

    init(series: EventSeries, window: Period, zone: Zone, zones: ZoneDatabase) {
        (self.series, self.window, self.zone, self.zones) = (series, window, zone, zones)
    }

    /// Overrides of the rest of the series, by the original start they begin at.
    private struct Tail {
        let from: Instant
        let index: Int
        let shift: Int64
    }

    mutating func expand(limits: ExpansionLimits) -> Expansion {
        guard let master = series.master else {
            addOverrides()
            return finished(isIncomplete: false)
        }
        guard series.isRecurring else {
            add(master, at: nil, start: master.start, source: .master)
            return finished(isIncomplete: false)
        }
        do {
            let overridden = Set(series.overrides.compactMap { $0.recurrenceID.map(key) })
            let tails = tails()
            for start in try starts(of: master, tails: tails, limits: limits) where !overridden.contains(start.instant)
            {
                add(instance: start, of: master, tails: tails)
            }
            addOverrides()
            return finished(isIncomplete: false)
        } catch {
            addOverrides()
            return finished(isIncomplete: true)
        }
    }

    private func finished(isIncomplete: Bool) -> Expansion {
        Expansion(occurrences: found.sorted { lower($0) < lower($1) }, isIncomplete: isIncomplete)
    }

    // MARK: Instances of the master

    private func starts(
        of master: CalendarEvent, tails: [Tail], limits: ExpansionLimits
    ) throws(ExpansionError) -> [RecurrenceSet.Start] {
        let set = RecurrenceSet(
            start: value(master.start), rules: master.rules, dates: master.recurrenceDates.map { value($0.start) },
            exceptions: exceptions(of: master))
        // Back by the longest instance and by how far a tail may have moved it; two days for dates and zones.
        let lengths = [length(of: master)] + series.overrides.map(length(of:))
        let reach = (lengths.max() ?? 0) + (tails.map { abs($0.shift) }.max() ?? 0) + 2 * 86_400
        let from = window.start.advanced(bySeconds: -reach) ?? window.start
        let until = window.end.advanced(bySeconds: reach) ?? window.end
        return try set.starts(from: from, until: until, limits: limits)
    }

    /// EXDATE as a date takes away the instance of that day, also where instances have times, as several clients mean it.
    private func exceptions(of master: CalendarEvent) -> [RecurrenceSet.Start] {
        master.exceptionDates.map { time in
            guard case .allDay(let date) = time else { return value(time) }
            return value(master.start.moved(to: reading(of: master.start, on: date)))
        }
    }

    private func reading(of time: EventTime, on date: CivilDate) -> CivilDateTime {
        switch time {
        case .allDay: return date.midnight
        case .floating(let own), .zoned(let own, _):
            return CivilDateTime(date: date, secondOfDay: own.secondOfDay) ?? date.midnight
        case .utc(let instant):
            return CivilDateTime(date: date, secondOfDay: Zone.utc.civil(at: instant).secondOfDay) ?? date.midnight
        }
    }

    private mutating func add(instance start: RecurrenceSet.Start, of master: CalendarEvent, tails: [Tail]) {
        let original = start.instant
        let begin = time(start, like: master.start)
        if let tail = tails.last(where: { $0.from <= original }) {
            let event = series.overrides[tail.index]
            let moved = shifted(begin, by: tail.shift)
            add(event, at: original, start: moved, source: .override(tail.index))
        } else {
            add(master, at: original, start: begin, end: periodEnd(of: original, in: master), source: .master)
        }
    }

    /// The end that an RDATE gives its own instance.
    private func periodEnd(of original: Instant, in master: CalendarEvent) -> EventTime? {
        master.recurrenceDates.first { $0.end != nil && value($0.start).instant == original }?.end
    }

    // MARK: Overrides

    private func tails() -> [Tail] {
        series.overrides.enumerated().compactMap { index, event in
            guard event.thisAndFuture, let id = event.recurrenceID else { return nil }
            return Tail(from: key(id), index: index, shift: wall(event.start) - wall(id))
        }.sorted { $0.from < $1.from }
    }

    private mutating func addOverrides() {
        for (index, event) in series.overrides.enumerated() {
            add(event, at: event.recurrenceID.map(key), start: event.start, source: .override(index))
        }
    }

    // MARK: One occurrence

    private mutating func add(
        _ event: CalendarEvent, at original: Instant?, start: EventTime, end: EventTime? = nil,
        source: Occurrence.Source
    ) {
        let isCancelled = event.status == .cancelled || series.master?.status == .cancelled
        var occurrence = Occurrence(
            originalStart: original, component: source, span: .instants(window.start, window.start),
            startZone: start.zoneID, endZone: (end ?? event.end).zoneID, isCancelled: isCancelled)
        if case .allDay(let first) = start {
            let days = end.map { Int($0.wallDate.dayNumber - first.dayNumber) } ?? dayCount(of: event)
            guard let last = first.adding(days: max(days, 1)) else { return }
            occurrence.span = .dates(first, last)
        } else {
            let begin = instant(start)
            let last = end ?? event.duration.flatMap { start.adding($0, in: known(start)) }
            let seconds = last.map { instant($0).seconds - begin.seconds } ?? length(of: event)
            guard let finish = begin.advanced(bySeconds: max(seconds, 0)) else { return }
            occurrence.span = .instants(begin, finish)
        }
        let (from, to) = (lower(occurrence), upper(occurrence))
        // An empty span counts where it stands.
        guard from < window.end, to > window.start || from == to && from >= window.start else { return }
        found.append(occurrence)
    }

    private func dayCount(of event: CalendarEvent) -> Int {
        Int(event.end.wallDate.dayNumber - event.start.wallDate.dayNumber)
    }

    /// Seconds; ends the wrong way round cover what lies between them, for doubt means busy.
    private func length(of event: CalendarEvent) -> Int64 {
        abs(instant(event.end).seconds - instant(event.start).seconds)
    }

    private func lower(_ occurrence: Occurrence) -> Instant {
        switch occurrence.span {
        case .dates(let first, _): zone.instant(of: first.midnight)
        case .instants(let start, _): start
        }
    }

    private func upper(_ occurrence: Occurrence) -> Instant {
        switch occurrence.span {
        case .dates(_, let end): zone.instant(of: end.midnight)
        case .instants(_, let end): end
        }
    }

    // MARK: Times

    /// Where the wall of `time` stands.
    private func known(_ time: EventTime) -> Zone {
        if case .zoned(_, let id) = time { known(id) } else { zone }
    }

    /// So many seconds later on the wall.
    private func shifted(_ time: EventTime, by seconds: Int64) -> EventTime {
        switch time {
        case .allDay(let date): date.adding(days: Int(seconds / 86_400)).map { .allDay($0) } ?? time
        case .floating(let wall), .zoned(let wall, _): wall.adding(seconds: seconds).map(time.moved) ?? time
        case .utc(let instant): instant.advanced(bySeconds: seconds).map { .utc($0) } ?? time
        }
    }

    private func known(_ id: ZoneID) -> Zone { zones.zone(id) ?? series.customZones[id] ?? zone }

    private func instant(_ time: EventTime) -> Instant {
        switch time {
        case .allDay(let date): zone.instant(of: date.midnight)
        case .floating(let time): zone.instant(of: time)
        case .zoned(let time, let id): known(id).instant(of: time)
        case .utc(let instant): instant
        }
    }

    /// What names an instance: dates by their midnight in UTC. A date that names an instance of a series with times means
    /// that day's instance.
    private func key(_ time: EventTime) -> Instant {
        guard case .allDay(let date) = time, let start = series.master?.start else { return value(time).instant }
        return value(start.moved(to: reading(of: start, on: date))).instant
    }

    private func wall(_ time: EventTime) -> Int64 {
        switch time {
        case .allDay(let date): Int64(date.dayNumber) * 86_400
        case .floating(let time), .zoned(let time, _): time.wallSeconds
        case .utc(let instant):
            if case .zoned(_, let id)? = series.master?.start {
                known(id).civil(at: instant).wallSeconds
            } else {
                instant.seconds
            }
        }
    }

    private func value(_ time: EventTime) -> RecurrenceSet.Start {
        switch time {
        case .allDay(let date): .date(date)
        case .floating(let time): .local(time, zone)
        case .zoned(let time, let id): .local(time, known(id))
        case .utc(let instant): .utc(instant)
        }
    }

    private func time(_ start: RecurrenceSet.Start, like model: EventTime) -> EventTime {
        switch start {
        case .date(let date): .allDay(date)
        case .utc(let instant): .utc(instant)
        case .local(let time, let own):
            if case .floating = model { .floating(time) } else { .zoned(time, own.id) }
        }
    }
}

extension EventTime {
    fileprivate var zoneID: ZoneID? {
        if case .zoned(_, let id) = self { id } else { nil }
    }
}
