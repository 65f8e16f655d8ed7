internal import GuardedHTTP
internal import ProviderKit

/// Where a calendar's reading stands. Bounded in size: what a page has left over is found again by listing from `base`
/// and going on after `name`, so a cursor outlives the process that gave it.
struct CalDAVCursor: Hashable, Sendable {
    enum Position: Hashable, Sendable {
        /// Before everything.
        case start
        /// A sync token (RFC 6578).
        case token(String)
        /// No tokens here: the collection's tag, where it has one, and complete listings.
        case tag(String?)
    }

    /// The rest of a listing that did not fit its page.
    struct Rest: Hashable, Sendable {
        let base: Position
        /// The last item named so far, in the listing's order.
        let after: String
        let isComplete: Bool
        let isTruncated: Bool
    }

    var position: Position
    /// Members at the last complete listing, kept up since: how suspicious an answer is depends on it.
    var members = 0
    /// When everything was last listed, in seconds since 1970.
    var listedAt: Int64 = 0
    /// In the middle of a first read that the server cuts into parts (RFC 6578 §3.6).
    var isCompleting = false
    var rest: Rest?

    init(position: Position) { self.position = position }
}

extension CalDAVCursor {
    private static let version = "v1"

    var text: String {
        var fields = [
            Self.version, Self.text(position), "n=\(members)", "l=\(listedAt)", "c=\(isCompleting ? 1 : 0)",
        ]
        if let rest {
            fields += [
                Self.text(rest.base), PercentEncoding.segment(rest.after), "\(rest.isComplete ? 1 : 0)",
                "\(rest.isTruncated ? 1 : 0)",
            ]
        }
        return fields.joined(separator: "&")
    }

    /// Nil where the text is not one of ours.
    init?(_ text: String) {
        let fields = text.split(separator: "&", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 5 || fields.count == 9, fields[0] == Self.version,
            let position = Self.position(fields[1]), let members = Self.number(fields[2], "n="),
            let listedAt = Self.number(fields[3], "l="), let isCompleting = Self.number(fields[4], "c=")
        else { return nil }
        self.init(position: position)
        (self.members, self.listedAt, self.isCompleting) = (Int(members), listedAt, isCompleting == 1)
        guard fields.count == 9 else { return }
        guard let base = Self.position(fields[5]), let after = PercentEncoding.decoded(fields[6]) else { return nil }
        rest = Rest(base: base, after: after, isComplete: fields[7] == "1", isTruncated: fields[8] == "1")
    }

    private static func text(_ position: Position) -> String {
        switch position {
        case .start: "-"
        case .token(let token): "t=" + PercentEncoding.segment(token)
        case .tag(.some(let tag)): "g=" + PercentEncoding.segment(tag)
        case .tag(.none): "g"
        }
    }

    private static func position(_ field: String) -> Position? {
        switch field {
        case "-": .start
        case "g": .tag(nil)
        case _ where field.hasPrefix("t="): PercentEncoding.decoded(String(field.dropFirst(2))).map { .token($0) }
        case _ where field.hasPrefix("g="): PercentEncoding.decoded(String(field.dropFirst(2))).map { .tag($0) }
        default: nil
        }
    }

    private static func number(_ field: String, _ prefix: String) -> Int64? {
        // Below 2^53, so that counting on from there cannot run over.
        guard field.hasPrefix(prefix), let value = Int64(field.dropFirst(prefix.count)), (0..<(1 << 53)).contains(value)
        else { return nil }
        return value
    }
}
