public import CivilTime
internal import SandboxKit

/// Who there is at the start.
public struct SandboxPeople: Sendable {
    let file: PeopleFile

    /// - Throws: what is wrong in the file, and where.
    public init(parsing bytes: [UInt8]) throws(SandboxProblem) {
        do { file = try PeopleFile(parsing: bytes, vendors: ["google", "microsoft"]) } catch {
            throw SandboxProblem(error.sentence)
        }
    }

    /// Two guides at each vendor with plans around `now`.
    public init(around now: Instant) {
        let today = Zone.utc.civil(at: now).date
        func day(_ offset: Int) -> String { (today.adding(days: offset) ?? today).description }
        func timed(
            _ title: String, _ offset: Int, _ from: String, _ to: String, _ zone: String,
            _ repeats: EventDraft.Repeat = .never
        )
            -> EventDraft
        {
            EventDraft(
                title: title, start: day(offset) + "T" + from + ":00", end: day(offset) + "T" + to + ":00", zone: zone,
                repeats: repeats)
        }
        func whole(_ title: String, _ offset: Int, _ days: Int) -> EventDraft {
            EventDraft(title: title, start: day(offset), end: day(offset + days), zone: "", repeats: .never)
        }
        let denver = "America/Denver"
        file = PeopleFile(people: [
            PretendPerson(
                vendor: "google", email: "pretend.anna@gmail.example", name: "Anna (pretend)", zone: denver,
                calendars: [
                    .init(
                        name: "Anna (pretend)",
                        events: [
                            timed("Dentist", 1, "10:00", "10:45", denver), whole("Family in town", 6, 2),
                            timed("Swift-water practice", -20, "18:30", "20:00", denver, .weekly),
                        ]),
                    .init(name: "Climbing club", events: [timed("Club evening", 3, "19:00", "21:00", denver, .weekly)]),
                ]),
            PretendPerson(
                vendor: "google", email: "pretend.ben@gmail.example", name: "Ben (pretend)", zone: "Europe/Berlin",
                calendars: [
                    .init(name: "Ben (pretend)", events: [timed("Course", 2, "09:00", "16:00", "Europe/Berlin")])
                ]),
            PretendPerson(
                vendor: "microsoft", email: "pretend.cleo@outlook.example", name: "Cleo (pretend)", zone: denver,
                calendars: [
                    .init(
                        name: "Calendar",
                        events: [
                            timed("First-aid renewal", 4, "08:00", "17:00", denver), whole("Holiday", 12, 5),
                            timed("Stand-up", -10, "08:30", "08:45", denver, .daily),
                        ])
                ]),
            PretendPerson(
                vendor: "microsoft", email: "pretend.dan@outlook.example", name: "Dan (pretend)", zone: "Europe/London",
                calendars: [.init(name: "Calendar", events: [])]),
        ])
    }
}
