import CivilTime
public import Trips

/// What a guide's time is asked for. The further a question binds, the fresher the answer has to be.
public enum TimeQuestion: String, Hashable, Sendable, CaseIterable {
    /// Boards, searches, dates on offer.
    case browse
    /// Keeping a guide free for somebody who decides.
    case hold
    /// A promise: assigning, confirming.
    case commit
}

/// How old the rows of a calendar are.
public enum RowAge: String, Hashable, Sendable, CaseIterable {
    /// Never read, or not kept.
    case none
    case fresh
    case stale
    case old

    /// Seconds up to which rows count as fresh: three polls.
    public static let freshFor: Int64 = 900
    /// Seconds up to which they still say something: a platform may be away for a day, and a day more.
    public static let staleFor: Int64 = 2 * 86_400

    /// - Parameter seconds: since the read that rows come from; nil: there was none.
    public init(seconds: Int64?) {
        self =
            switch seconds {
            case nil: .none
            case .some(...Self.freshFor): .fresh
            case .some(...Self.staleFor): .stale
            default: .old
            }
    }
}

/// Whether a calendar can be asked now.
public enum BackendReach: String, Hashable, Sendable, CaseIterable {
    case up
    /// It did not answer lately.
    case away
    /// The guide has to link again: nobody can ask.
    case cut
}

/// Where the answer to a question comes from, per mode, age and reach: the table in docs/guides-availability.md.
public struct FreshnessPolicy: Hashable, Sendable {
    public enum Decision: Hashable, Sendable {
        case rows
        /// Ask the platform; if no answer comes within the time, do `otherwise`.
        case ask(within: Duration, otherwise: Fallback)
        /// The time that no other row speaks of counts as busy: doubt means busy.
        case busy
    }

    public enum Fallback: Hashable, Sendable { case rows, busy }

    /// How long each question may wait for an answer.
    public static func patience(_ question: TimeQuestion) -> Duration {
        switch question {
        case .browse: .milliseconds(800)
        case .hold: .milliseconds(1_500)
        case .commit: .seconds(3)
        }
    }

    public static func decide(
        _ mode: CalendarMode, _ question: TimeQuestion, _ age: RowAge, _ reach: BackendReach
    ) -> Decision {
        let fallback = fallback(mode, question, age, reach)
        let asks: Bool =
            switch (mode, question) {
            case (_, _) where reach != .up: false
            case (.live, _): true
            case (.mirror, _): false
            case (.hybrid, .browse): age == .none
            case (.hybrid, .hold): age != .fresh
            case (.hybrid, .commit): true
            }
        if asks { return .ask(within: patience(question), otherwise: fallback) }
        return fallback == .rows ? .rows : .busy
    }

    /// What rows are good for where nobody is asked, or nobody answers.
    private static func fallback(
        _ mode: CalendarMode, _ question: TimeQuestion, _ age: RowAge, _ reach: BackendReach
    ) -> Fallback {
        switch (mode, question, age) {
        // Live keeps no rows to fall back on.
        case (.live, _, _), (_, _, .none): .busy
        // Browsing shows the last picture with its age, whatever it is.
        case (_, .browse, _): .rows
        // Nobody is watching a calendar that was cut off: what it said a while ago binds nobody.
        case (_, _, .stale) where reach == .cut, (_, .commit, _) where reach == .cut: .busy
        case (_, .hold, .fresh), (_, .hold, .stale): .rows
        // A mirror has only its rows: to promise on stale ones takes an override with a name on it.
        case (.mirror, .commit, .fresh): .rows
        case (.mirror, .commit, _): .busy
        case (.hybrid, .commit, .fresh), (.hybrid, .commit, .stale): .rows
        case (_, _, .old): .busy
        }
    }
}
