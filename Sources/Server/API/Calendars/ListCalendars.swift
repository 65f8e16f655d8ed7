import Accounts
import CivilTime
import CronofyWire
import StorageKit
import Sync

/// `GET /v1/calendars`: every calendar, deleted ones included. `calendar_synced_at` is when it was last in step.
enum ListCalendars {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let id = try call.account
        let profiles = try await call.services.profiles.profiles(of: id)
        let byID = Dictionary(profiles.map { ($0.id, $0) }) { first, _ in first }
        let (calendars, json) = (
            try await call.services.profiles.calendars(of: id), try await CalendarJSON(call)
        )
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("sub", id.value)
            writer.name("calendars")
            writer.array(calendars) { writer, calendar in
                guard let profile = byID[calendar.profile] else { return }
                writer.object { json.writeWithProfile(calendar, profile, to: &$0) }
            }
        }
        return .json(writer.bytes)
    }
}

/// A calendar's members, as userinfo and calendars have them for the caller.
struct CalendarJSON {
    private let source: any ProviderSource
    private let granted: Set<CalendarNumber>

    init(_ call: APICall) async throws {
        let (account, client) = (try call.account, call.caller.client)
        self.init(
            call.services.source,
            granted: try await call.services.accounts.database.read {
                try CalendarPermissions.unrestricted(for: client, of: account, in: $0)
            })
    }

    /// `granted`: the calendars in which the application has a free hand.
    init(_ source: any ProviderSource, granted: Set<CalendarNumber>) { (self.source, self.granted) = (source, granted) }

    func writeWithProfile(_ calendar: CalendarRecord, _ profile: Profile, to writer: inout JSONWriter) {
        writer.member("provider_name", source.traits(of: profile.provider).wireName)
        writer.member("profile_id", profile.id.value)
        writer.member("profile_name", profile.name)
        write(calendar, profile, to: &writer)
    }

    func write(_ calendar: CalendarRecord, _ profile: Profile, to writer: inout JSONWriter) {
        writer.member("calendar_id", calendar.id.value)
        writer.member("calendar_name", calendar.name)
        writer.member("calendar_readonly", calendar.isReadOnly)
        writer.member("calendar_deleted", calendar.isDeleted)
        writer.member("calendar_primary", calendar.isPrimary)
        writer.member("calendar_integrated_conferencing_available", false)
        writer.member("calendar_attachments_available", false)
        let isUnrestricted = source.traits(of: profile.provider).isUnrestricted || granted.contains(calendar.number)
        writer.member("permission_level", isUnrestricted ? "unrestricted" : "sandbox")
        writer.member("calendar_counted", calendar.isCounted)
        writer.member("calendar_synced_at", ifPresent: calendar.syncedAt?.description)
        writer.member("calendar_incomplete", ifPresent: calendar.incomplete)
    }
}
