import Accounts
import CivilTime

/// A connection as a card: its state in words, the cause, and what to do (B4).
struct ConnectionView: Sendable {
    let id: String
    let name: String
    let kind: String
    /// `ok`, `wait`, `warn`, `bad` or `off`: decides colour and mark; the words carry the meaning.
    let tone: String
    let state: String
    let explanation: String?
    let remedy: String?
    let path: String
    let canReconnect: Bool
    let isPaused: Bool
    let progress: Progress?
    let calendars: [Row]

    struct Progress: Sendable {
        let done, total: Int
    }

    /// One line of the choice of calendars.
    struct Row: Sendable {
        let id: String
        let name: String
        let hue: Int
        let isCounted: Bool
        let isReadOnly: Bool
        let isPrimary: Bool
        let age: String
        let last: String
        let next: String
        let incomplete: String?
    }

    init(_ profile: Profile, in picture: PersonPicture, now: Instant, zone: Zone) {
        let records = picture.calendars(of: profile)
        let words = ConnectionWords(profile, now: now)
        (id, name, kind) = (profile.id.value, profile.name, ProviderWords.kind(profile.provider))
        (tone, state, explanation, remedy) = (words.tone, words.state, words.explanation, words.remedy)
        path = PagePath.connection(profile.id, of: profile.account)
        isPaused = profile.isPaused
        canReconnect = ["caldav", "icloud", "google", "microsoft"].contains(profile.provider.value)
        progress =
            words.isFirstReading
            ? Progress(done: records.count { $0.syncedAt != nil }, total: max(1, records.count)) : nil
        calendars = records.map { record in
            let activity = picture.activity[record.number]
            return Row(
                id: record.id.value, name: record.name, hue: Hue.of(record, in: picture),
                isCounted: record.isCounted, isReadOnly: record.isReadOnly, isPrimary: record.isPrimary,
                age: record.syncedAt.map { "read " + Age.text(of: $0, at: now) } ?? "not read yet",
                last: activity?.last.map { CivilWords.day(zone.civil(at: $0).date) } ?? "none",
                next: activity?.next.map { CivilWords.day(zone.civil(at: $0).date) } ?? "none",
                incomplete: record.incomplete)
        }
    }
}

/// Which of eight colours a calendar has: by its place in the account, so that it keeps it.
enum Hue {
    static let count = 8

    static func of(_ calendar: CalendarRecord, in picture: PersonPicture) -> Int {
        (picture.calendars.firstIndex { $0.number == calendar.number } ?? 0) % count
    }
}
