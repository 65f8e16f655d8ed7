internal import CivilTime
public import CronofyWire

/// Something that is to go wrong, as the page, the command and HTTP alike say it: `kind` and what that kind needs.
public struct FaultOrder: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The next answers, in place of what they would be.
        case answers(AnswerFault, times: Int)
        case end(GrantEnd)
        case expireAccess
        case shrink(scopes: Set<String>)
        /// Refresh tokens are good once, and a second use of one ends the consent.
        case strictRotation(Bool)
        case expireCursors, poison
        case zone(String)
        case smallPages(Int?)
        case pushes(PushFault)
        /// The clock that tokens and channels end by runs ahead by so many seconds.
        case skew(seconds: Int)
        /// Takes back everything but what ended for good.
        case heal
    }

    public let kind: Kind
    /// Nil: every vendor.
    public let vendor: String?
    /// Nil: everybody.
    public let person: String?
    /// Only requests whose path contains this.
    public let path: String?

    /// Every kind with what it takes, as help shows it.
    public static let help: [(kind: String, takes: String)] = [
        ("answer", "status=400…599 [reason=…] [retry_after=…] [times=1] [path=…]: the next answers say no"),
        ("cut", "[times=1] [path=…]: the connection is cut in the middle of a body"),
        ("html", "[times=1] [path=…]: an HTML error page with status 200"),
        ("slow", "milliseconds=… [times=1] [path=…]: the next answers come late"),
        ("end", "cause=" + GrantEnd.allCases.map(\.rawValue).joined(separator: "|") + ": ends what was allowed"),
        ("expire_access", "access tokens end, refresh tokens stay"),
        ("shrink", "scopes=…: takes scopes away, separated by spaces"),
        ("strict_rotation", "[on=true|false]: refresh tokens are good once"),
        ("expire_cursors", "sync tokens and delta links are lost"),
        ("poison", "adds an event that cannot be read"),
        ("zone", "zone=…: moves the account to another time zone"),
        ("small_pages", "[size=…]: the most that a page holds; without size: as usual"),
        ("pushes", "do=deliver|lose|duplicate|reorder|delay [milliseconds=…]: what becomes of notices"),
        ("skew", "seconds=…: the clock that tokens end by runs ahead"),
        ("heal", "takes faults back"),
    ]

    public init(_ kind: Kind, vendor: String? = nil, person: String? = nil, path: String? = nil) {
        (self.kind, self.vendor, self.person, self.path) = (kind, vendor, person, path)
    }

    public init(_ fields: FormText) throws(PeopleFault) {
        (vendor, person, path) = (fields["vendor"], fields["person"], fields["path"])
        let word = fields["kind"] ?? ""
        switch word {
        case "answer":
            let status = try Self.number("status", fields, 400...599)
            let fault = AnswerFault.status(status, reason: fields["reason"], retryAfter: fields["retry_after"])
            kind = .answers(fault, times: try Self.times(fields))
        case "cut": kind = .answers(.cut, times: try Self.times(fields))
        case "html": kind = .answers(.html, times: try Self.times(fields))
        case "slow":
            let wait = try Self.number("milliseconds", fields, 1...600_000)
            kind = .answers(.slow(milliseconds: wait), times: try Self.times(fields))
        case "end": kind = .end(try Self.word("cause", fields))
        case "expire_access": kind = .expireAccess
        case "shrink":
            guard let scopes = fields["scopes"] else { throw PeopleFault("scopes: which are to go") }
            kind = .shrink(scopes: Set(scopes.split(separator: " ").map(String.init)))
        case "strict_rotation": kind = .strictRotation(fields["on"] != "false")
        case "expire_cursors": kind = .expireCursors
        case "poison": kind = .poison
        case "zone":
            guard let zone = fields["zone"] else { throw PeopleFault("zone: which, as Europe/Paris") }
            kind = .zone(zone)
        case "small_pages": kind = .smallPages(fields["size"] == nil ? nil : try Self.number("size", fields, 1...2500))
        case "pushes":
            if fields["do"] == "delay" {
                kind = .pushes(.delay(milliseconds: try Self.number("milliseconds", fields, 1...86_400_000)))
            } else {
                let handling: PushFault.Word = try Self.word("do", fields)
                kind = .pushes(.word(handling))
            }
        case "skew": kind = .skew(seconds: try Self.number("seconds", fields, -31_536_000...31_536_000))
        case "heal": kind = .heal
        default:
            throw PeopleFault("kind: '\(word)' is none; allowed: \(Self.help.map(\.kind).joined(separator: ", "))")
        }
    }

    private static func times(_ fields: FormText) throws(PeopleFault) -> Int {
        fields["times"] == nil ? 1 : try number("times", fields, 1...1_000_000)
    }

    private static func number(_ name: String, _ fields: FormText, _ range: ClosedRange<Int>) throws(PeopleFault) -> Int
    {
        guard let number = fields[name].flatMap({ Int($0, in: range) }) else {
            throw PeopleFault("\(name): a number from \(range.lowerBound) to \(range.upperBound) is expected")
        }
        return number
    }

    private static func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ fields: FormText)
        throws(PeopleFault) -> Word where Word.RawValue == String
    {
        guard let word = fields[name].flatMap(Word.init(rawValue:)) else {
            throw PeopleFault("\(name): one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")) is expected")
        }
        return word
    }
}

/// What an answer becomes.
public enum AnswerFault: Hashable, Sendable {
    case status(Int, reason: String?, retryAfter: String?)
    case cut, html
    case slow(milliseconds: Int)
}

/// What becomes of notices to those who watch.
public enum PushFault: Hashable, Sendable {
    public enum Word: String, Hashable, Sendable, CaseIterable { case deliver, lose, duplicate, reorder }
    case word(Word)
    case delay(milliseconds: Int)
}
