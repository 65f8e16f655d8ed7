/// A published calendar cut into one text per UID, without reading what the events mean.
struct FeedFile: Sendable {
    struct Item: Hashable, Sendable {
        /// The UID; where there is none, a name made of what the event says.
        let name: String
        /// A calendar of its own: the events of this UID with the zones of the file they name.
        let text: String
        /// Changes when the text does, the file's own time stamps aside.
        let version: String
    }

    enum Fault: Error, Hashable, Sendable {
        case empty
        /// HTML, most often: a page to sign in, or an error with status 200.
        case notCalendar
        /// No `END:VCALENDAR`.
        case truncated
        case tooManyEvents
    }

    /// By name.
    let items: [Item]
    let calendarName: String?
    /// REFRESH-INTERVAL (RFC 7986 §5.7) or X-PUBLISHED-TTL.
    let refreshInterval: Duration?
    /// Equal for files that say the same, in whatever order and with whatever UIDs and time stamps: some servers make
    /// new ones for every request.
    let digest: String

    static let maximumEvents = 200_000

    init(reading bytes: [UInt8]) throws(Fault) {
        let blocks = try FeedBlocks(reading: bytes)
        items = FeedItems.items(of: blocks)
        calendarName = blocks.property("X-WR-CALNAME") ?? blocks.property("NAME")
        refreshInterval = (blocks.property("REFRESH-INTERVAL") ?? blocks.property("X-PUBLISHED-TTL")).flatMap(
            FeedDuration.parse)
        let contents = blocks.events.map { FeedItems.contentDigest($0, withUID: false) }.sorted()
        digest = Digest.hex(Array(contents.joined().utf8))
    }
}
