import Accounts
import CivilTime
import Foundation
import ICalendar
import SQLite
import StorageKit

@testable import Events
@testable import Web

/// People for pages to show: one whose calendars are in every state there is, and one who has none.
struct Sample {
    let stand: Stand
    let maya: AccountID
    let noor: AccountID

    static let titles = ["Glacier traverse, day 1", "Dentist", "Team call", "Kayak refresher", "Board meeting"]

    static func fill(_ stand: Stand) async throws -> Sample {
        let accounts = stand.services.accounts
        let (application, _) = try await accounts.createApplication(name: "Sample", redirectURIs: [])
        func person(_ email: String, _ name: String, _ zone: String) async throws -> AccountID {
            try await accounts.createAccount(
                client: application.id, email: email, name: name, zone: ZoneID(zone), scope: .all
            ).account
        }
        let sample = Sample(
            stand: stand, maya: try await person("maya@example.com", "Maya Lindqvist", "Europe/Paris"),
            noor: try await person("noor@example.com", "Noor <b>Haddad</b>", "America/Denver"))
        try await sample.fillCalendars()
        try await sample.addApplication()
        sample.fillEvents()
        return sample
    }

    /// A second application that may read Maya's calendars, under an id that addresses can name.
    private func addApplication() async throws {
        let (owner, now) = (SQLValue.text(maya.value), SQLValue.integer(Stand.now.seconds))
        try await stand.database.write { session in
            try session.execute(
                """
                INSERT INTO applications (client_id, name, secret_hash, secret_sealed, redirect_uris, created_at)
                VALUES ('app_1', 'Roster', ?, ?, '', ?)
                """, [.blob([1]), .blob([1]), now])
            try session.execute(
                "INSERT INTO grants (account_id, client_id, scope, created_at) VALUES (?, 'app_1', 'read_events', ?)",
                [owner, now])
        }
    }

    private func fillCalendars() async throws {
        let (owner, now) = (SQLValue.text(maya.value), Stand.now.seconds)
        func profile(
            _ id: String, _ provider: String, _ name: String, state: String = "connected", cause: String? = nil,
            since: Int64 = 3 * 86_400, paused: Bool = false, done: Bool = true
        ) -> [SQLValue] {
            [
                owner, .text(id), .text(provider), .text(name), .text(id), .text("https://example.com/"),
                .text("maya"), .text(state), SQLValue(cause), .integer(now - since), SQLValue(paused), SQLValue(done),
                .integer(now),
            ]
        }
        let profiles = [
            profile("pro_1", "caldav", "cloud.example.com"),
            profile("pro_2", "ics", "Ferry timetable", state: "failing", cause: "unreachable", since: 7200),
            profile(
                "pro_3", "icloud", "maya@icloud.com", state: "disconnected", cause: "authorization_lost", since: 100_000
            ),
            profile("pro_4", "native", "Kept here", paused: true),
            profile("pro_5", "caldav", "work.example.com", done: false),
        ]
        // number, profile, name, read only, primary, counted, synced, incomplete
        let calendars: [(Int64, String, String, Bool, Bool, Bool, Int64?, String?)] = [
            (1, "pro_1", "Personal", false, true, true, now - 240, nil),
            (2, "pro_1", "Trips", false, false, true, now - 240, "2 items could not be read"),
            (3, "pro_1", "Birthdays", true, false, false, now - 240, nil),
            (4, "pro_2", "Ferry timetable", true, false, false, now - 9000, nil),
            (5, "pro_3", "Home", false, true, false, now - 100_000, nil),
            (6, "pro_4", "My days", false, true, false, now - 90_000, nil),
            (7, "pro_5", "Work", false, true, false, now - 30, nil),
            (8, "pro_5", "Rota", true, false, false, nil, nil),
        ]
        try await stand.database.write { session in
            for row in profiles {
                try session.execute(
                    """
                    INSERT INTO profiles (account_id, profile_id, provider, name, identity, address, username, state,
                        cause, state_since, paused, initial_sync_done, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
                    """, row)
            }
            for (number, profile, name, readOnly, primary, counted, synced, incomplete) in calendars {
                try session.execute(
                    """
                    INSERT INTO calendars (account_id, calendar, calendar_id, profile_id, remote_id, name, read_only,
                        is_primary, blocks_time, counted, synced_at, incomplete, created_at)
                    VALUES (?,?,?,?,?,?,?,?,1,?,?,?,?)
                    """,
                    [
                        owner, .integer(number), .text("cal_\(number)"), .text(profile), .text("r\(number)"),
                        .text(name), SQLValue(readOnly), SQLValue(primary), SQLValue(counted), SQLValue(synced),
                        SQLValue(incomplete), .integer(now),
                    ])
            }
            try session.execute(
                """
                INSERT INTO items (account_id, item, calendar, remote_id, uid, hash, body, generation, deleted, repeats,
                    fault, fault_at) VALUES (?, 900, 2, 'x', 'x', ?, '', 0, 0, 0, ?, ?)
                """,
                [
                    owner, .blob([0]), "The rule repeats every second and names no end (FREQ=SECONDLY).",
                    .integer(now - 5000),
                ])
            try session.execute(
                """
                INSERT INTO occurrences (account_id, item, recurrence, calendar, component, start_at, end_at, weight,
                    deleted, changed_at, first_start, last_end) VALUES (?, 1, 0, 1, 0, ?, ?, 2, 0, 0, 0, 0)
                """, [owner, .integer(now - 86_400), .integer(now - 82_800)])
            try session.execute(
                """
                INSERT INTO occurrences (account_id, item, recurrence, calendar, component, start_at, end_at, weight,
                    deleted, changed_at, first_start, last_end) VALUES (?, 2, 0, 1, 0, ?, ?, 2, 0, 0, 0, 0)
                """, [owner, .integer(now + 86_400), .integer(now + 90_000)])
        }
    }

    private func fillEvents() {
        let monday = CivilDate(year: 2031, month: 3, day: 31)!
        func at(_ day: Int, _ hour: Int, _ minute: Int = 0) -> Instant {
            let zone = ZoneDatabase.system.zone(ZoneID("Europe/Paris"))!
            return zone.instant(
                of: CivilDateTime(date: monday.adding(days: day)!, hour: hour, minute: minute, second: 0)!)
        }
        func timed(_ calendar: Int, _ title: String, _ from: Instant, _ to: Instant, _ weight: Weight = .busy)
            -> EventRecord
        {
            .sample(calendar, title, .instants(from, to, startZone: nil, endZone: nil), weight)
        }
        func days(_ calendar: Int, _ title: String, _ from: Int, _ to: Int, _ weight: Weight = .busy) -> EventRecord {
            .sample(calendar, title, .dates(monday.adding(days: from)!, monday.adding(days: to)!), weight)
        }
        var events = [
            timed(1, "Team call", at(0, 9), at(0, 9, 45)),
            timed(1, "Dentist", at(0, 14, 30), at(0, 15, 30)),
            timed(2, "Kayak refresher", at(1, 8), at(1, 12, 30)),
            timed(1, "Coffee with Ane", at(1, 10), at(1, 11), .tentative),
            timed(1, "Phone: insurance <script>alert(1)</script>", at(1, 10, 15), at(1, 10, 30)),
            timed(2, "Route planning", at(2, 9, 30), at(2, 11)),
            timed(1, "Gym", at(2, 18), at(2, 19), .free),
            days(2, "Glacier traverse", 3, 6),
            timed(2, "Pick up the van", at(3, 7, 30), at(3, 8, 30)),
            timed(1, "Night train", at(6, 20, 5), at(7, 6, 40)),
        ]
        for week in 1..<4 {
            events += [
                timed(1, "Team call", at(week * 7, 9), at(week * 7, 9, 45)),
                timed(2, "Guide training", at(week * 7 + 2, 9), at(week * 7 + 2, 17)),
                days(2, "Coast tour", week * 7 + 4, week * 7 + 7, week == 2 ? .tentative : .busy),
            ]
        }
        stand.events.set(events, of: maya)
    }
}

extension EventRecord {
    static func sample(_ calendar: Int, _ title: String, _ span: EventSpan, _ weight: Weight) -> EventRecord {
        EventRecord(
            calendar: CalendarID("cal_\(calendar)"), uid: EventUID(item: ItemNumber(1), recurrence: 0), eventID: nil,
            series: nil, span: span, weight: weight, isDeleted: false, summary: title, description: nil,
            location: "Secret hut", url: nil, status: .confirmed, transparency: .opaque, isPrivate: false,
            participation: .accepted, organizer: nil, attendees: [], categories: [], created: nil, updated: nil,
            canUpdate: false, canDelete: false)
    }
}
