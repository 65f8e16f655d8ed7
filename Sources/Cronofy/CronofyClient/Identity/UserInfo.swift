import CronofyWire

/// Who a token stands for, with everything that is linked.
public struct UserInfo: Hashable, Sendable, AnswerReadable {
    public enum Kind: Hashable, Sendable {
        case account
        case applicationCalendar(id: String)
        case serviceAccount(providerName: ProviderName, domain: String?)
        case other(String)
    }

    public let sub: String
    public let kind: Kind
    public let email: String?
    public let name: String?
    /// The IANA zone the person lives in, as far as it is known.
    public let zone: String?
    public let scope: String
    /// What may be asked for others; service accounts only.
    public let delegatedScope: String?
    public let profiles: [LinkedProfile]
    public let conferencingProfiles: [Profile]

    init(reading answer: AnswerReader) throws(CronofyError) {
        sub = try answer.text("sub")
        email = try answer.optionalText("email")
        name = try answer.optionalText("name")
        zone = try answer.optionalText("zoneinfo")
        let data = answer.nested("cronofy.data")
        let authorization = data.nested("authorization")
        scope = try authorization.optionalText("scope") ?? ""
        delegatedScope = try authorization.optionalText("delegated_scope")
        profiles = try data.list("profiles")
        conferencingProfiles = try data.list("conferencing_profiles")
        switch try answer.optionalText("cronofy.type") ?? "account" {
        case "account", "userinfo": kind = .account
        case "application_calendar":
            kind = .applicationCalendar(
                id: try data.nested("application_calendar").text("application_calendar_id"))
        case "service_account":
            let service = data.nested("service_account")
            kind = .serviceAccount(
                providerName: ProviderName(rawValue: try service.optionalText("provider_name") ?? ""),
                domain: try service.optionalText("domain"))
        case let other: kind = .other(other)
        }
    }
}

/// A profile together with its calendars.
public struct LinkedProfile: Hashable, Sendable, AnswerReadable {
    public let profile: Profile
    public let calendars: [CalendarInfo]

    init(reading answer: AnswerReader) throws(CronofyError) {
        profile = try Profile(reading: answer)
        calendars = try answer.list("profile_calendars")
    }
}

/// The account in short.
public struct AccountInfo: Hashable, Sendable, AnswerReadable {
    public let id: String
    public let email: String?
    public let name: String?
    public let scope: String
    public let defaultZone: String?

    init(reading answer: AnswerReader) throws(CronofyError) {
        id = try answer.text("account_id")
        email = try answer.optionalText("email")
        name = try answer.optionalText("name")
        scope = try answer.optionalText("scope") ?? ""
        defaultZone = try answer.optionalText("default_tzid")
    }
}

extension CronofyAccount {
    public func userInfo() async throws(CronofyError) -> UserInfo {
        try UserInfo(reading: try await call(.get("/v1/userinfo")))
    }

    public func info() async throws(CronofyError) -> AccountInfo {
        try await call(.get("/v1/account")).object("account")
    }

    public func profiles() async throws(CronofyError) -> [Profile] {
        try await call(.get("/v1/profiles")).list("profiles")
    }
}
