import CivilTime
import CronofyWire
import HTTPTypes
import Integrations
import Season
import StorageKit
import Trips

/// The caller's linked calendars. Keys and tokens of theirs are in no answer.
struct IntegrationEndpoints: Sendable {
    let services: GuidesAPIServices

    func list(_ call: GuidesCall) async throws -> GuidesReply {
        let known = try await known(call)
        return .json { writer in
            writer.array(known.integrations) { Self.write(&$0, $1, known) }
        }
    }

    /// Linking needs the person at the provider's own page.
    func link(_ call: GuidesCall) async throws -> GuidesReply {
        .json(.conflict) { writer in
            writer.object {
                $0.member("detail", "A calendar is linked in a browser, where its provider asks the guide. Open `url`.")
                $0.member("url", services.publicURL + "/guides/me/calendars")
            }
        }
    }

    func change(_ call: GuidesCall) async throws -> GuidesReply {
        var fields = try call.fields("is_active")
        if fields.value("is_active") == nil { fields.required("is_active") }
        let isActive = fields.flag("is_active")
        try fields.checked()
        let id = IntegrationID(call.id)
        if let isActive {
            try await services.choices.set(active: isActive, integration: id, try own(call))
        }
        let known = try await known(call)
        guard let changed = known.integrations.first(where: { $0.id == id }) else { throw GuidesAPIError.notFound }
        return .json { Self.write(&$0, changed, known) }
    }

    func remove(_ call: GuidesCall) async throws -> GuidesReply {
        try await services.choices.remove(IntegrationID(call.id), try own(call))
        return .nothing
    }

    private func own(_ call: GuidesCall) throws -> OwnCalendars {
        try OwnCalendars(of: call.person, actedOnBy: call.person)
    }

    private func known(_ call: GuidesCall) async throws -> GuideCalendars {
        let now = services.now
        return try await services.store.database.read { try GuideCalendars.of(call.person, now: now, in: $0) }
    }

    private static func write(_ writer: inout JSONWriter, _ one: CalendarIntegration, _ known: GuideCalendars) {
        let link = known.links.first { $0.id == one.link }
        let provider = Provider(named: one.provider)
        writer.object { writer in
            writer.member("id", one.id.value)
            writer.member("provider", provider.rawValue)
            writer.member("provider_display", provider.display)
            writer.member("external_id", one.externalID)
            writer.member("name", one.name)
            writer.member("account_id", orNull: link?.account)
            writer.member("time_zone", orNull: link?.zone?.name)
            writer.name("sync_config")
            writer.object { writer in
                writer.member("level", orNull: link?.level.rawValue)
                writer.name("calendars")
                writer.array(one.calendars.filter { !$0.isDeleted }) { writer, calendar in
                    writer.object {
                        $0.member("id", calendar.id)
                        $0.member("name", calendar.name)
                        $0.member("counts", calendar.counts)
                    }
                }
            }
            writer.member("state", one.standing.state.rawValue)
            writer.member("cause", orNull: one.standing.cause?.rawValue)
            writer.member("state_since", one.standing.since.description)
            writer.member("last_synced_at", orNull: link?.reading.readAt?.description)
            writer.member("is_active", one.isActive)
        }
    }

    /// The older backend's names; everything else is `custom` there.
    private enum Provider: String {
        case google, outlook, apple, custom

        init(named name: String) {
            self =
                switch name {
                case "google": .google
                case "office365", "live_connect", "exchange", "outlook", "microsoft": .outlook
                case "apple", "icloud": .apple
                default: .custom
                }
        }

        var display: String {
            switch self {
            case .google: "Google Calendar"
            case .outlook: "Microsoft Outlook"
            case .apple: "Apple iCloud"
            case .custom: "Other calendar"
            }
        }
    }
}
