import CivilTime
import ICalendar
import Recurrence
import Testing

@testable import Events

/// One field of an event with two values that it may be changed to.
struct MergedField: Sendable, CustomTestStringConvertible {
    let name: String
    /// Changes the field to its first or second value.
    let change: @Sendable (inout CalendarEvent, _ second: Bool) -> Void
    var testDescription: String { name }

    private init<Value: Sendable>(
        _ name: String, _ field: any WritableKeyPath<CalendarEvent, Value> & Sendable, _ first: Value, _ second: Value
    ) {
        self.name = name
        change = { $0[keyPath: field] = $1 ? second : first }
    }

    private static func date(_ hour: Int64) -> CalendarEvent.RecurrenceDate { .init(start: at(hour)) }
    private static func at(_ hour: Int64) -> EventTime { .utc(Instant(seconds: 1_932_888_000 + hour * 3600)) }

    static let all: [MergedField] = [
        MergedField("summary", \.summary, "One", "Two"), MergedField("description", \.description, "One", nil),
        MergedField("location", \.location, "Hut", "Pier"), MergedField("url", \.url, "https://a.example", nil),
        MergedField("start", \.start, at(-2), at(-3)), MergedField("end", \.end, at(5), at(6)),
        MergedField("recurrence_dates", \.recurrenceDates, [date(48)], []),
        MergedField("exception_dates", \.exceptionDates, [at(24)], [at(48)]),
        MergedField("status", \.status, .tentative, .cancelled),
        MergedField("transparency", \.transparency, .transparent, .tentative),
        MergedField("private", \.isPrivate, true, true),
        MergedField("attendees", \.attendees, [Participant(email: "a@example.com")], []),
        MergedField("categories", \.categories, ["a"], ["b"]),
        MergedField("geo", \.geo, GeoPoint(parsing: "12.5;-1"), GeoPoint(parsing: "1;1")),
        MergedField("join_url", \.joinURL, "https://meet.example/1", "https://meet.example/2"),
        MergedField("color", \.color, "red", "blue"),
    ]

    static let base: CalendarEvent = {
        var event = CalendarEvent(uid: "one", start: at(0), end: at(1))
        (event.summary, event.description, event.url, event.color) = ("Base", "Base", "https://base.example", "green")
        (event.attendees, event.recurrenceDates) = ([Participant(email: "base@example.com")], [date(72)])
        return event
    }()

    func changed(_ second: Bool = false) -> CalendarEvent {
        var event = Self.base
        change(&event, second)
        return event
    }
}

@Suite("Edits on both sides, merged (base, ours, theirs)")
struct EventMergeTests {
    private static let base = MergedField.base

    @Test("what only we changed stands as ours, what only they changed as theirs", arguments: MergedField.all)
    func oneSide(field: MergedField) {
        let changed = field.changed()
        #expect(changed != Self.base)
        for (ours, theirs) in [(changed, Self.base), (Self.base, changed), (changed, changed)] {
            let result = EventMerge.merge(base: Self.base, ours: ours, theirs: theirs)
            #expect(result.event == changed && result.overruled.isEmpty)
        }
    }

    @Test("where both changed one field, ours stands and theirs is named", arguments: MergedField.all)
    func bothSides(field: MergedField) {
        let (ours, theirs) = (field.changed(), field.changed(true))
        let result = EventMerge.merge(base: Self.base, ours: ours, theirs: theirs)
        #expect(result.event == ours)
        #expect(result.overruled == (ours == theirs ? [] : [field.name]))
    }

    @Test("changes of two fields both stand, whichever side made them", arguments: MergedField.all)
    func disjoint(field: MergedField) {
        for other in MergedField.all where other.name != field.name {
            let (ours, theirs) = (field.changed(), other.changed())
            var both = Self.base
            field.change(&both, false)
            other.change(&both, false)
            let result = EventMerge.merge(base: Self.base, ours: ours, theirs: theirs)
            #expect(result.event == both && result.overruled.isEmpty, "\(other.name)")
        }
    }

    @Test("a rule that both changed is ours; the higher sequence and our UID stand")
    func identity() throws {
        var (ours, theirs) = (Self.base, Self.base)
        ours.rules = [try RecurrenceRule(parsing: "FREQ=DAILY")]
        theirs.rules = [try RecurrenceRule(parsing: "FREQ=WEEKLY")]
        (ours.sequence, theirs.sequence, theirs.uid) = (2, 5, "renamed")
        let result = EventMerge.merge(base: Self.base, ours: ours, theirs: theirs)
        #expect(result.event.rules == ours.rules && result.overruled == ["rules"])
        #expect(result.event.sequence == 5 && result.event.uid == "one")
    }

    @Test("without a base all that differs is our change, and nobody is overruled")
    func withoutBase() {
        let theirs = MergedField.all[0].changed(true)
        let result = EventMerge.merge(base: nil, ours: MergedField.all[0].changed(), theirs: theirs)
        #expect(result.event == MergedField.all[0].changed() && result.overruled.isEmpty)
    }
}
