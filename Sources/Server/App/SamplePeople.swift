import Accounts
import CivilTime
import ICalendar
import ProviderKit
import Recurrence
import StorageKit

/// Some guides with calendars that live here, so that a first look finds something. Added only to an empty database.
struct SamplePeople: Sendable {
    let platform: AnchorpointPlatform

    private struct Person {
        let name: String
        let email: String
        let zone: String
        let calendars: [(name: String, events: [Sample])]
    }

    /// An event so many days from today.
    private struct Sample {
        let title: String
        let day: Int
        /// Hour and minute and length in minutes; nil: whole days, `length` of them.
        let time: (hour: Int, minute: Int)?
        let length: Int
        var rule: String?
        var isTentative = false
    }

    func addWhereEmpty() async throws {
        guard try await platform.accounts.accounts().isEmpty else { return }
        let (application, _) = try await platform.accounts.createApplication(
            name: "Sample guide service", redirectURIs: [])
        for person in Self.people {
            let tokens = try await platform.accounts.createAccount(
                client: application.id, email: person.email, name: person.name, zone: ZoneID(person.zone), scope: .all)
            for calendar in person.calendars {
                let text = document(calendar.name, calendar.events, zone: ZoneID(person.zone))
                _ = try await platform.connector.importFile(
                    Array(text.utf8), name: calendar.name, for: tokens.account)
            }
        }
    }

    private func document(_ name: String, _ events: [Sample], zone: ZoneID) -> String {
        var calendar = Component.emptyCalendar
        calendar.properties.append(Property("X-WR-CALNAME", text: name))
        calendar.properties.append(Property("X-WR-TIMEZONE", zone.name))
        let now = platform.accounts.now()
        let today = (ZoneDatabase.system.zone(zone) ?? .utc).civil(at: now).date
        for (index, sample) in events.enumerated() {
            guard
                let event = event(
                    sample, uid: "sample-\(name.utf8.count)-\(index)@anchorpoint", today: today, zone: zone)
            else { continue }
            let document = EventSeries(uid: event.uid, master: event).document(stamp: now, zones: .system)
            calendar.components += document.components.filter { $0.name == "VEVENT" }
        }
        return calendar.icalendarText
    }

    private func event(_ sample: Sample, uid: String, today: CivilDate, zone: ZoneID) -> CalendarEvent? {
        guard let day = today.adding(days: sample.day) else { return nil }
        var event: CalendarEvent
        if let time = sample.time {
            guard let start = CivilDateTime(date: day, hour: time.hour, minute: time.minute, second: 0),
                let end = start.adding(seconds: Int64(sample.length) * 60)
            else { return nil }
            event = CalendarEvent(uid: uid, start: .zoned(start, zone), end: .zoned(end, zone))
        } else {
            guard let end = day.adding(days: sample.length) else { return nil }
            event = CalendarEvent(uid: uid, start: .allDay(day), end: .allDay(end))
        }
        event.summary = sample.title
        event.status = sample.isTentative ? .tentative : .confirmed
        // The rules are constants of this file; the tests read every one.
        if let rule = sample.rule { do { event.rules = [try RecurrenceRule(parsing: rule)] } catch { return nil } }
        return event
    }

    private static let people = [
        Person(
            name: "Maren Okafor", email: "maren@guides.example", zone: "America/Denver",
            calendars: [
                (
                    "Trips",
                    [
                        Sample(title: "Canyon float, 3 days", day: 2, time: nil, length: 3),
                        Sample(title: "Half-day raft", day: 8, time: (8, 0), length: 270),
                        Sample(title: "Ridge traverse, 2 days", day: 13, time: nil, length: 2, isTentative: true),
                    ]
                ),
                (
                    "Home",
                    [
                        Sample(
                            title: "Swift-water practice", day: -20, time: (18, 30), length: 90, rule: "FREQ=WEEKLY"),
                        Sample(title: "Dentist", day: 1, time: (10, 0), length: 45),
                    ]
                ),
            ]),
        Person(
            name: "Tomás Rivera", email: "tomas@guides.example", zone: "America/Denver",
            calendars: [
                (
                    "Work",
                    [
                        Sample(
                            title: "Climbing course", day: -6, time: (9, 0), length: 360,
                            rule: "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
                        Sample(title: "First-aid renewal", day: 4, time: (8, 0), length: 540),
                    ]
                )
            ]),
        Person(
            name: "Ines Laurent", email: "ines@guides.example", zone: "Europe/Paris",
            calendars: [
                (
                    "Montagne",
                    [
                        Sample(title: "Haute Route, 6 jours", day: 5, time: nil, length: 6),
                        Sample(title: "Point météo", day: -10, time: (7, 30), length: 30, rule: "FREQ=DAILY"),
                    ]
                )
            ]),
    ]
}
