import Accounts
import Authorization
import CivilTime
import CronofyWire
import StorageKit
import Sync

/// `GET /v1/userinfo`: the account with its profiles and their calendars, in OpenID's words and Cronofy's.
enum UserInfo {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let key = IdentityKey(account: try call.account, client: call.caller.client, scope: call.scope)
        let services = call.services
        let json = try await services.identities.value(for: key, at: call.mark) { session in
            try Identity(key, in: session).map { Self.json($0, scope: key.scope, services) }
        }
        guard let json else { throw APIError.notFound }
        return .json(json)
    }

    private static func json(_ identity: Identity, scope: Scope, _ services: APIServices) -> [UInt8] {
        let (account, access) = (identity.account, identity.access)
        let json = CalendarJSON(services.source, granted: identity.granted)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("sub", account.id.value)
            writer.member("email", ifPresent: account.email.isEmpty ? nil : account.email)
            writer.member("name", ifPresent: account.name)
            writer.member("zoneinfo", account.zone.name)
            writer.member("cronofy.type", account.id.kind.wireName)
            writer.member("application_calendar_id", ifPresent: access.applicationCalendar)
            if let domain = access.domain {
                // What older clients read beside `cronofy.data`.
                writer.member("cronofy.service_account.domain", domain)
                writer.member("cronofy.service_account.email", account.email)
            }
            writer.name("cronofy.data")
            writer.object { writer in
                access.write(scope: scope, to: &writer)
                writer.name("profiles")
                writer.array(identity.profiles) { writer, profile in
                    writer.object { writer in
                        ProfileJSON.write(profile, services, to: &writer)
                        writer.name("profile_calendars")
                        writer.array(identity.calendars.filter { $0.profile == profile.id }) { writer, calendar in
                            writer.object { json.write(calendar, profile, to: &$0) }
                        }
                    }
                }
                writer.name("conferencing_profiles")
                writer.array([Int]()) { _, _ in }
            }
        }
        return writer.bytes
    }
}

extension AccountID.Kind {
    /// `cronofy.type`.
    var wireName: String {
        switch self {
        case .person, .resource: "account"
        case .applicationCalendar: "application_calendar"
        case .serviceAccount: "service_account"
        }
    }
}

extension Access {
    fileprivate func write(scope: Scope, to writer: inout JSONWriter) {
        writer.name("authorization")
        writer.object {
            $0.member("scope", scope.description)
            $0.member("status", "active")
            $0.member("delegated_scope", ifPresent: delegatedScope?.description)
        }
        if let applicationCalendar {
            writer.name("application_calendar")
            writer.object { $0.member("application_calendar_id", applicationCalendar) }
        }
        if let domain {
            writer.name("service_account")
            writer.object {
                $0.member("provider_name", "caldav")
                $0.member("domain", domain)
            }
        }
    }
}

/// `GET /v1/account`.
enum AccountInfo {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        guard let account = try await call.services.accounts.account(try call.account) else { throw APIError.notFound }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("account")
            writer.object {
                $0.member("account_id", account.id.value)
                $0.member("email", account.email)
                $0.member("name", ifPresent: account.name)
                $0.member("scope", call.scope.description)
                $0.member("default_tzid", account.zone.name)
            }
        }
        return .json(writer.bytes)
    }
}

/// `GET /v1/profiles`.
enum ListProfiles {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let profiles = try await call.services.profiles.profiles(of: try call.account)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("profiles")
            writer.array(profiles) { writer, profile in
                writer.object { ProfileJSON.write(profile, call.services, to: &$0) }
            }
        }
        return .json(writer.bytes)
    }
}

/// A profile's members, as userinfo and profiles have them.
enum ProfileJSON {
    static func write(_ profile: Profile, _ services: APIServices, to writer: inout JSONWriter) {
        let traits = services.source.traits(of: profile.provider)
        let isConnected = profile.connection.isConnected
        writer.member("provider_name", traits.wireName)
        writer.member("provider_service", traits.wireService)
        writer.member("profile_id", profile.id.value)
        writer.member("profile_name", profile.name)
        writer.member("profile_connected", isConnected)
        writer.member("profile_initial_sync_required", !profile.initialSyncDone)
        writer.member("profile_sync_state", profile.isPaused ? "paused" : profile.connection.state.rawValue)
        writer.member("profile_sync_cause", ifPresent: profile.connection.cause?.rawValue)
        if !isConnected {
            let token = services.authorization.relinkToken(for: profile.id, of: profile.account)
            writer.member("profile_relink_url", "\(services.publicURL)/relink/\(token.reveal())")
        }
    }
}
