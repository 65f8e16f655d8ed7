/// An id of one kind of thing; ids of other kinds do not fit where it is wanted.
public struct Identifier<Thing>: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let value: String

    public init(_ value: String) { self.value = value }

    public var description: String { value }
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// `svc_…`.
public typealias ServiceID = Identifier<GuideService>
/// `per_…`: somebody who signs in: a guide, an office manager, an owner, of any number of services.
public typealias PersonID = Identifier<Member>
/// `trp_…`.
public typealias TripID = Identifier<Trip>
/// `tpl_…`.
public typealias TemplateID = Identifier<TripTemplate>
/// `asg_…`.
public typealias AssignmentID = Identifier<Assignment>
/// `pty_…`.
public typealias PartyID = Identifier<Party>
