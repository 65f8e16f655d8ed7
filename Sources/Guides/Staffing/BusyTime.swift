public import CivilTime
public import Trips

/// Time that a guide's rows take, other than trips of the service that asks. It has no title, by type.
public struct BusyTime: TakesTime {
    public let period: Period
    /// `assignment`: a trip of another service.
    public let source: GuideAvailability.Source
    public let isTentative: Bool
    /// What the viewer may see of it, shares already counted.
    public let visibility: GuideAvailability.Visibility
    /// The row's id, shown to those who may see detail.
    public let reference: String?

    public init(
        _ period: Period, source: GuideAvailability.Source, isTentative: Bool = false,
        visibility: GuideAvailability.Visibility = .busy, reference: String? = nil
    ) {
        (self.period, self.source, self.isTentative) = (period, source, isTentative)
        (self.visibility, self.reference) = (visibility, reference)
    }

    /// What the viewer learns where it keeps the guide from `asked`.
    func seen(in asked: Period) -> SeenBusyTime {
        let isOpen = visibility == .detail || (visibility == .busy && source != .assignment)
        guard isOpen else {
            // Not even its ends: only that it lies in what was asked about.
            let part = Period(from: max(period.start, asked.start), to: min(period.end, asked.end))
            return SeenBusyTime(kind: .unsaid, period: part ?? asked, reference: nil)
        }
        let kind: SeenBusyTime.Kind =
            switch source {
            case .assignment: .otherService
            case .manual: .blocked
            case .sync: isTentative ? .calendarTentative : .calendar
            }
        return SeenBusyTime(
            kind: kind, period: period, reference: visibility == .detail ? reference : nil)
    }
}

/// Busy time as a viewer may know it.
public struct SeenBusyTime: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Nothing may be said about it.
        case unsaid = "busy"
        /// A trip of another service.
        case otherService = "other-service"
        /// Blocked by hand.
        case blocked
        case calendar = "calendar-busy"
        case calendarTentative = "calendar-tentative"
    }

    public let kind: Kind
    /// Of `unsaid` busy time only the part within the trip.
    public let period: Period
    public let reference: String?
}
