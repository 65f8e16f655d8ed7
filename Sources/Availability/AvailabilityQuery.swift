public import CivilTime

/// When a meeting can be. People are indices into `members`; what their busy time is has been decided before.
public struct AvailabilityQuery: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        public var busy: BusyIntervals
        /// Only inside these; nil: always. Periods that touch are one.
        public var open: [Period]?
        /// Seconds of free time needed before and after a meeting; nil: the question's.
        public var bufferBefore: Int64?
        public var bufferAfter: Int64?
        public init(busy: BusyIntervals, open: [Period]? = nil, bufferBefore: Int64? = nil, bufferAfter: Int64? = nil) {
            (self.busy, self.open) = (busy, open)
            (self.bufferBefore, self.bufferAfter) = (bufferBefore, bufferAfter)
        }

        var hasNoSettings: Bool { open == nil && bufferBefore == nil && bufferAfter == nil }
    }

    /// Every group must be satisfied at the same moment.
    public struct Group: Hashable, Sendable {
        public enum Required: Hashable, Sendable {
            case all
            case count(Int)
        }
        public var required: Required
        public var members: [Int]
        public init(required: Required, members: [Int]) { (self.required, self.members) = (required, members) }

        var needed: Int {
            switch required {
            case .all: members.count
            case .count(let count): count
            }
        }
    }

    public enum Windows: Hashable, Sendable {
        /// A meeting lies whole within them; those that touch are one.
        case periods([Period])
        /// Only these starts.
        case slots([Instant])
    }

    public enum Format: Hashable, Sendable {
        /// Stretches in which the meeting may begin anywhere so that it fits.
        case periods
        /// One after another, never overlapping.
        case slots
        /// At every step of the grid.
        case overlappingSlots
    }

    public var members: [Member]
    public var groups: [Group]
    /// Seconds.
    public var duration: Int64
    public var windows: Windows
    /// Seconds; starts are multiples of it since midnight UTC. Nil: five minutes.
    public var startInterval: Int64?
    public var bufferBefore: Int64 = 0
    public var bufferAfter: Int64 = 0
    public var maxResults: Int
    public var format: Format

    public init(
        members: [Member], groups: [Group], duration: Int64, windows: Windows, format: Format, maxResults: Int = 512
    ) {
        (self.members, self.groups, self.duration) = (members, groups, duration)
        (self.windows, self.format, self.maxResults) = (windows, format, maxResults)
    }
}

/// A question must not be more than this; each is a setting.
public struct QueryLimits: Hashable, Sendable {
    public var people = 10_000
    public var days: Int64 = 800
    public var slots = 100_000
    public init() {}
}

/// Which part of a question cannot be asked, and what can.
public enum AvailabilityQueryError: Error, Hashable, Sendable {
    case tooManyPeople(limit: Int)
    case windowsTooLong(limitDays: Int64)
    /// Windows lie within the years 1 to 9999.
    case windowsOutOfRange
    case tooManySlots(limit: Int)
    case durationNotPositive
    case startIntervalNotPositive
    case maxResultsNotPositive
    /// Buffers are from nothing to 366 days.
    case bufferOutOfRange
    case noGroups
    case emptyGroup(Int)
    case requiredOutOfRange(group: Int, allowed: ClosedRange<Int>)
    case unknownMember(group: Int)
    /// Query slots are answered one by one, not as periods.
    case slotsAsPeriods
}

extension AvailabilityQuery {
    /// Throws what is wrong first.
    public func validate(_ limits: QueryLimits = .init()) throws(AvailabilityQueryError) {
        try validate(limits, MemberSettings(self))
    }

    func validate(_ limits: QueryLimits, _ settings: MemberSettings) throws(AvailabilityQueryError) {
        guard members.count <= limits.people else { throw .tooManyPeople(limit: limits.people) }
        guard duration > 0 else { throw .durationNotPositive }
        guard startInterval.map({ $0 > 0 }) ?? true else { throw .startIntervalNotPositive }
        guard maxResults > 0 else { throw .maxResultsNotPositive }
        guard maxResults <= limits.slots else { throw .tooManySlots(limit: limits.slots) }
        guard settings.least >= 0, max(settings.mostBefore, settings.mostAfter) <= 31_622_400 else {
            throw .bufferOutOfRange
        }
        guard !groups.isEmpty else { throw .noGroups }
        for (index, group) in groups.enumerated() {
            guard !group.members.isEmpty else { throw .emptyGroup(index) }
            // Without a way out in the loop, so that several are compared at once: the sign stays where every one is neither
            // negative nor too large; the difference may wrap for negative ones, whose sign decides.
            let valid = group.members.reduce(Int.min) { $0 & ($1 &- members.count) & ~$1 }
            guard valid < 0 else { throw .unknownMember(group: index) }
            guard (1...group.members.count).contains(group.needed) else {
                throw .requiredOutOfRange(group: index, allowed: 1...group.members.count)
            }
        }
        try validateWindows(limits)
    }

    private func validateWindows(_ limits: QueryLimits) throws(AvailabilityQueryError) {
        let years: ClosedRange<Int64> = -62_135_596_800...253_402_300_800
        switch windows {
        case .slots(let starts):
            guard starts.allSatisfy({ years.contains($0.seconds) }) else { throw .windowsOutOfRange }
            guard format != .periods else { throw .slotsAsPeriods }
            guard starts.count <= limits.slots else { throw .tooManySlots(limit: limits.slots) }
            guard duration <= limits.days * 86_400 else { throw .windowsTooLong(limitDays: limits.days) }
        case .periods(let periods):
            guard periods.allSatisfy({ years.contains($0.start.seconds) && years.contains($0.end.seconds) }) else {
                throw .windowsOutOfRange
            }
            var seconds: Int64 = 0
            for period in periods {
                let length = period.end.seconds.subtractingReportingOverflow(period.start.seconds)
                let sum = seconds.addingReportingOverflow(length.partialValue)
                guard !length.overflow, !sum.overflow, sum.partialValue <= limits.days * 86_400 else {
                    throw .windowsTooLong(limitDays: limits.days)
                }
                seconds = sum.partialValue
            }
        }
    }
}

/// Times at which the meeting can be, ascending, none more than once.
public struct AvailabilityAnswer: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public var period: Period
        /// Members that are free throughout, in the order of the question: all of them, not only as many as required.
        public var participants: [Int]
    }
    public var entries: [Entry]
}
