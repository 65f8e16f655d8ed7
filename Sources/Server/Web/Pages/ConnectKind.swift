/// A way to connect a calendar, by the name it has in addresses.
enum ConnectKind: String, CaseIterable, Sendable {
    case caldav, icloud, ics, file, native

    var label: String {
        switch self {
        case .caldav: "CalDAV account"
        case .icloud: "Apple iCloud"
        case .ics: "Calendar address (ICS)"
        case .file: "Calendar file"
        case .native: "A calendar that lives here"
        }
    }

    var hint: String {
        switch self {
        case .caldav: "Nextcloud, Fastmail, Radicale and most others. Read and written, kept in step."
        case .icloud: "With an app-specific password. Read and written, kept in step."
        case .ics: "A link that ends in .ics or begins with webcal. Read only, asked again from time to time."
        case .file: "An .ics file from your computer. Read once, into a calendar that lives here."
        case .native: "For people who have no calendar elsewhere."
        }
    }

    /// What stands above the form.
    var introduction: String {
        switch self {
        case .caldav:
            "Type the address of the server, your domain or your e-mail address; the rest is found from there."
        case .icloud:
            "Apple asks for an app-specific password here, not the one you sign in with. Make one at "
                + "account.apple.com, under Sign-In and Security, App-Specific Passwords."
        case .ics:
            "Your calendar’s settings show this address as the secret, private or subscription address. Whoever has "
                + "it can read the calendar; it is kept sealed here."
        case .file: "Up to 10 MB. Items that cannot be read are put aside, with the reason; the others come in."
        case .native: "It is yours at once. Events come from applications, or from files you bring."
        }
    }

    var button: String {
        switch self {
        case .caldav, .icloud, .ics: "Connect"
        case .file: "Bring in"
        case .native: "Start this calendar"
        }
    }

    var fields: [FormField] {
        switch self {
        case .caldav:
            [
                FormField(
                    "address", "Address, domain or e-mail", hint: "calendar.example.com or you@example.com",
                    autocomplete: "url"),
                FormField("username", "User name", autocomplete: "username"),
                FormField(
                    "password", "Password", type: "password", hint: "An app password where your provider has them.",
                    autocomplete: "current-password"),
            ]
        case .icloud:
            [
                FormField("username", "Apple Account (e-mail)", type: "email", autocomplete: "username"),
                FormField(
                    "password", "App-specific password", type: "password",
                    hint: "Sixteen letters, such as abcd-efgh-ijkl-mnop."),
            ]
        case .ics:
            [
                FormField("address", "Address of the calendar", hint: "https://… or webcal://…", autocomplete: "off"),
                FormField("name", "Name", hint: "What it is called here, if you like.", isRequired: false),
            ]
        case .file: [FormField("file", "Calendar file", type: "file", accept: ".ics,text/calendar")]
        case .native:
            [
                FormField("name", "Name"),
                FormField(
                    "zone", "Time zone", hint: "Such as Europe/Paris; leave it empty for your own.",
                    isRequired: false),
            ]
        }
    }
}
