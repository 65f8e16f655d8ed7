import CivilTime

/// Something in a person's time, ready to be laid out. What others see has no title to lose.
struct Occupied: Hashable, Sendable {
    enum Span: Hashable, Sendable {
        /// Whole days, the second one exclusive.
        case dates(CivilDate, CivilDate)
        case instants(Instant, Instant)
    }

    enum Kind: String, Hashable, Sendable {
        case busy, tentative, free
        /// Nobody knows; counts as busy.
        case unknown

        var word: String {
            switch self {
            case .busy: "Busy"
            case .tentative: "Tentative"
            case .free: "Free"
            case .unknown: "Busy, not known"
            }
        }
    }

    let span: Span
    let kind: Kind
    var title: String?
    /// The calendar's name.
    var calendar: String?
    var hue: Int?
}
