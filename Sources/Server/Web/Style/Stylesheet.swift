import Accounts

/// The one stylesheet, at an address that holds its hash, so that browsers may keep it for ever.
struct Stylesheet: Sendable {
    let text: String
    let path: String

    init() {
        // Places first: on a phone the written rules take them back.
        text = GridRules.text + BaseStyles.text
        path = "/assets/style-" + Crypto.hex(Crypto.sha256(text).prefix(8)) + ".css"
    }
}
