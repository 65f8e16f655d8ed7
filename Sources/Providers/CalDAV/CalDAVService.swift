public import GuardedHTTP

/// What is particular about a CalDAV service: where it starts, where its password may go, what people are told.
public struct CalDAVService: Hashable, Sendable {
    public let name: String
    /// Nil where people type the address.
    public let start: WebAddress?
    /// Places its password goes beside the start, for good.
    public let sites: [SiteRule]
    /// Shown beside the password field.
    public let passwordHint: String?
    /// What a person is told when the password is refused.
    public let passwordRefused: String

    public init(
        name: String, start: WebAddress? = nil, sites: [SiteRule] = [], passwordHint: String? = nil,
        passwordRefused: String
    ) {
        (self.name, self.start, self.sites) = (name, start, sites)
        (self.passwordHint, self.passwordRefused) = (passwordHint, passwordRefused)
    }

    public static let generic = CalDAVService(
        name: "CalDAV",
        passwordHint: "If your service offers app passwords, create one for this connection.",
        passwordRefused: "The server refused the user name or the password. Check both and connect again.")

    /// iCloud: its partitions live on other hosts of icloud.com, and only app-specific passwords work.
    public static let iCloud = CalDAVService(
        name: "iCloud", start: address("https://caldav.icloud.com/"), sites: [.domain("icloud.com")],
        passwordHint: """
            Use your Apple Account's e-mail address and an app-specific password (xxxx-xxxx-xxxx-xxxx), made at \
            account.apple.com under Sign-In and Security. Your Apple Account needs two-factor authentication.
            """,
        passwordRefused: """
            Apple refused the password. iCloud takes only app-specific passwords, and changing the password of the Apple \
            Account ends all of them: make a new one at account.apple.com under Sign-In and Security, and connect again.
            """)

    public static let fastmail = CalDAVService(
        name: "Fastmail", start: address("https://caldav.fastmail.com/"),
        passwordHint: "Use an app password with access to calendars, made in Fastmail under Privacy & Security.",
        passwordRefused:
            "Fastmail refused the password. Make an app password with access to calendars and connect again.")

    /// The addresses above are constants; the tests read every one.
    private static func address(_ text: String) -> WebAddress? {
        do { return try WebAddress(parsing: text) } catch { return nil }
    }
}
