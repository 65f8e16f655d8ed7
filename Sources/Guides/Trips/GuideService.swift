public import CivilTime

/// A guide service (an outfitter): what nobody of another service sees.
public struct GuideService: Hashable, Sendable {
    public let id: ServiceID
    public var name: String
    /// In the addresses of its public pages.
    public var slug: String
    public var contactEmail: String
    public var zone: ZoneID
    /// Where its calendar data may live: `us`, `uk`, `de`, `au`, `ca`, `sg`, or nil where this server keeps it.
    public var region: String?
    public var mode: CalendarMode
    public var policy: StaffingPolicy

    public init(
        id: ServiceID, name: String, slug: String, contactEmail: String, zone: ZoneID, region: String? = nil,
        mode: CalendarMode = .hybrid, policy: StaffingPolicy = .init()
    ) {
        (self.id, self.name, self.slug, self.contactEmail) = (id, name, slug, contactEmail)
        (self.zone, self.region, self.mode, self.policy) = (zone, region, mode, policy)
    }
}

/// Which data says when a guide is busy.
public enum CalendarMode: String, Hashable, Sendable, CaseIterable {
    /// The platform's busy time is kept as rows and read from there.
    case mirror
    /// The platform is asked at each question; nothing of it is kept.
    case live
    /// Rows for browsing, the platform at the moment of commitment.
    case hybrid
}

/// What a service asks of its crews.
public struct StaffingPolicy: Hashable, Sendable {
    /// Whether too few guides for the guests refuse a trip, or only warn.
    public var ratioIsHard = true
    /// Whole days without a trip between two trips of a guide that both last several days.
    public var restDays = 0
    /// Minutes between the end of one trip and the start of the next, travel not counted.
    public var turnaroundMinutes = 60
    /// Hours a guide has to answer before the office is told and the next one is asked.
    public var answerHours = 48
    /// Whether trips are staffed as they are sold, or by a person.
    public var staffsByItself = false
    /// Whether tentative events of a guide's calendar block.
    public var tentativeBlocks = true

    public init() {}
}

/// What somebody may do in a service. One person may have several.
public enum Role: String, Hashable, Sendable, CaseIterable {
    case owner = "OWNER"
    case officeManager = "OFFICE_MANAGER"
    case guide = "GUIDE"

    /// Sees and changes trips, crews and bookings of everybody.
    public var isOffice: Bool { self != .guide }
}

/// A person's place in a service.
public struct Member: Hashable, Sendable {
    public let person: PersonID
    public let service: ServiceID
    public var name: String
    public var email: String
    public var roles: Set<Role>
    /// Inactive members are not offered and lose their future assignments.
    public var isActive: Bool

    public init(
        person: PersonID, service: ServiceID, name: String, email: String, roles: Set<Role>, isActive: Bool = true
    ) {
        (self.person, self.service, self.name) = (person, service, name)
        (self.email, self.roles, self.isActive) = (email, roles, isActive)
    }
}
