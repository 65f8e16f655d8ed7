internal import CivilTime
internal import GuardedHTTP

/// What the last poll of a feed showed, and how far its pages have been given out.
struct FeedCursor: Hashable, Sendable {
    var entityTag: String?
    var lastModified: String?
    /// Of the whole file.
    var digest = ""
    var count: Int64 = 0
    /// When the file itself was last received, in seconds since 1970.
    var receivedAt: Int64 = 0
    /// Polls in a row that brought nothing new.
    var quietPolls: Int64 = 0
    /// The last poll showed no event at all where there had been some; the next one decides.
    var isEmptyUnconfirmed = false
    /// The last item given out, in the middle of a file.
    var after: String?

    init() {}

    var text: String {
        let fields = [
            "v1", Self.field(entityTag), Self.field(lastModified), digest, String(count), String(receivedAt),
            String(quietPolls),
            isEmptyUnconfirmed ? "1" : "0", Self.field(after),
        ]
        return fields.joined(separator: "&")
    }

    /// Nil where the text is not one of ours.
    init?(_ text: String) {
        let most = Int64(1) << 53
        let fields = text.split(separator: "&", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 9, fields[0] == "v1", let count = Int64(fields[4], in: 0...most),
            let receivedAt = Int64(fields[5], in: -most...most), let quiet = Int64(fields[6], in: 0...most)
        else { return nil }
        (entityTag, lastModified, digest) = (Self.value(fields[1]), Self.value(fields[2]), fields[3])
        (self.count, self.receivedAt) = (count, receivedAt)
        (quietPolls, isEmptyUnconfirmed) = (min(quiet, 1000), fields[7] == "1")
        after = Self.value(fields[8])
    }

    /// `-` is absent; a value begins with `=`.
    private static func field(_ value: String?) -> String { value.map { "=" + PercentEncoding.segment($0) } ?? "-" }

    private static func value(_ field: String) -> String? {
        field.hasPrefix("=") ? PercentEncoding.decoded(String(field.dropFirst())) : nil
    }
}
