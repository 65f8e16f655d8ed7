public import CivilTime

/// A span in which a guide is not (or, where seasons invert it, is) there. Guides count as available unless a row blocks.
public struct GuideAvailability: Hashable, Sendable {
    public let guide: PersonID
    public let period: Period
    public var source: Source
    /// False: blocks. True: opens, where the guide is not there by default.
    public var isAvailable: Bool
    /// Whether it only probably blocks.
    public var isTentative: Bool
    /// What others may see of it where no share says otherwise.
    public var visibility: Visibility

    /// Where a row comes from. Precedence when they speak of the same time: assignment, manual, sync.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        case assignment, manual, sync
    }

    /// What somebody else sees. A busy row holds no text: detail is another read, with its own check.
    public enum Visibility: String, Hashable, Sendable, CaseIterable, Comparable {
        /// Nothing: the time looks like any other; it still blocks.
        case `private`
        case busy
        case detail

        public static func < (left: Visibility, right: Visibility) -> Bool { left.rank < right.rank }
        private var rank: Int {
            switch self {
            case .private: 0
            case .busy: 1
            case .detail: 2
            }
        }
    }

    public init(
        guide: PersonID, period: Period, source: Source, isAvailable: Bool = false, isTentative: Bool = false,
        visibility: Visibility = .busy
    ) {
        (self.guide, self.period, self.source) = (guide, period, source)
        (self.isAvailable, self.isTentative, self.visibility) = (isAvailable, isTentative, visibility)
    }
}
