import Accounts
import CivilTime

/// The state of a connection in words: what is the matter, since when, and what to do about it.
struct ConnectionWords: Hashable, Sendable {
    let tone: String
    let state: String
    var explanation: String?
    var remedy: String?
    var isFirstReading = false

    init(_ profile: Profile, now: Instant) {
        let connection = profile.connection
        let since = Age.text(of: connection.since, at: now)
        if profile.isPaused {
            (tone, state) = ("off", "Paused")
            explanation = "Not being read. What was known stays, and grows old."
            return
        }
        switch connection.state {
        case .connected where !profile.initialSyncDone:
            (tone, state, isFirstReading) = ("wait", "First reading", true)
            explanation = "Until it is done, unread calendars count as busy."
        case .connected:
            (tone, state) = ("ok", "Connected")
        case .failing:
            (tone, state) = ("warn", "Failing for \(Age.span(of: connection.since, at: now))")
            explanation = connection.explanation ?? Self.explanation(connection.cause)
            remedy = "It is tried again by itself, more slowly each time. What was known stays in use, with its age."
        case .disconnected:
            (tone, state) = ("bad", "Disconnected \(since)")
            explanation = connection.explanation ?? Self.explanation(connection.cause)
            remedy = Self.remedy(connection.cause, provider: profile.provider)
        }
    }

    private static func explanation(_ cause: Profile.Connection.Cause?) -> String {
        switch cause {
        case .authorizationLost: "The calendar no longer accepts the password."
        case .throttled: "The calendar asks for fewer requests."
        case .refused: "The calendar refuses to be read."
        case .unreachable: "The calendar cannot be reached."
        case nil: "The calendar cannot be read."
        }
    }

    private static func remedy(_ cause: Profile.Connection.Cause?, provider: ProviderName) -> String {
        switch (cause, provider.value) {
        case (.authorizationLost, "icloud"):
            "Make a new app-specific password at account.apple.com and reconnect. Changing the Apple Account’s own "
                + "password ends all app-specific ones."
        case (.authorizationLost, "ics"):
            "Copy the calendar’s address again at its provider, connect it here, and remove this one."
        case (.authorizationLost, "google"), (.authorizationLost, "microsoft"):
            "Reconnect, and allow calendars there. Calendars, choices and events stay as they are."
        case (.authorizationLost, _): "Reconnect with the password that is valid now."
        case (.refused, _):
            "Check at the provider that the calendar still exists and is shared with you, then try again."
        default: "Check the address, then try again."
        }
    }
}

/// Names of kinds of calendars, as people know them.
enum ProviderWords {
    static func kind(_ provider: ProviderName) -> String {
        switch provider.value {
        case "caldav": "CalDAV"
        case "icloud": "iCloud"
        case "ics": "Calendar address (ICS)"
        case "native": "Lives here"
        case "google": "Google Calendar"
        case "microsoft": "Microsoft 365 or Outlook.com"
        default: provider.value
        }
    }
}
