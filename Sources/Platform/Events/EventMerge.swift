import ICalendar

/// Three-way merge of an event that changed on both sides since `base`: disjoint changes both stand; where both changed
/// the same field, ours stands, because the application that manages the event decides what it is.
enum EventMerge {
    struct Result: Hashable, Sendable {
        var event: CalendarEvent
        /// Fields both sides changed: theirs gave way, and the record says so.
        var overruled: [String]
    }

    static func merge(base: CalendarEvent?, ours: CalendarEvent, theirs: CalendarEvent) -> Result {
        var merger = Merger(base: base ?? theirs, ours: ours, theirs: theirs, event: theirs)
        merger.take("summary", \.summary)
        merger.take("description", \.description)
        merger.take("location", \.location)
        merger.take("url", \.url)
        merger.take("start", \.start)
        merger.take("end", \.end)
        merger.take("rules", \.rules)
        merger.take("recurrence_dates", \.recurrenceDates)
        merger.take("exception_dates", \.exceptionDates)
        merger.take("status", \.status)
        merger.take("transparency", \.transparency)
        merger.take("private", \.isPrivate)
        merger.take("attendees", \.attendees)
        merger.take("categories", \.categories)
        merger.take("geo", \.geo)
        merger.take("join_url", \.joinURL)
        merger.take("color", \.color)
        merger.event.uid = ours.uid
        merger.event.sequence = max(ours.sequence, theirs.sequence)
        return Result(event: merger.event, overruled: merger.overruled)
    }

    private struct Merger {
        let base, ours, theirs: CalendarEvent
        var event: CalendarEvent
        var overruled: [String] = []

        mutating func take<Value: Equatable>(_ name: String, _ field: WritableKeyPath<CalendarEvent, Value>) {
            let mine = ours[keyPath: field]
            guard mine != base[keyPath: field] else { return }
            let other = theirs[keyPath: field]
            if other != base[keyPath: field] && other != mine { overruled.append(name) }
            event[keyPath: field] = mine
        }
    }
}
