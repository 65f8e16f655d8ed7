public import CivilTime
public import Trips

/// A service's guides and things, as one viewer may know them.
public struct StaffingPicture: Hashable, Sendable {
    public var guides: [GuidePicture]
    public var resources: [ResourcePicture]
    public var rules: StaffingRules

    public init(
        guides: [GuidePicture], resources: [ResourcePicture] = [], rules: StaffingRules = .init()
    ) {
        (self.guides, self.resources, self.rules) = (guides, resources, rules)
    }

    public func guide(_ id: PersonID) -> GuidePicture? { guides.first { $0.id == id } }

    /// What is free of each kind that is asked for, or what is missing.
    func resources(for needs: [ResourceNeed], in period: Period) -> (
        free: [String], short: [ResourceShortage]
    ) {
        var (free, short) = ([String](), [ResourceShortage]())
        for need in needs where need.count > 0 {
            let ids = resources.filter { $0.kind == need.kind && $0.isFree(in: period) }.map(\.id)
                .sorted()
            free += ids.prefix(need.count)
            if ids.count < need.count {
                short.append(ResourceShortage(kind: need.kind, free: ids.count, needed: need.count))
            }
        }
        return (free, short)
    }
}

/// A van, a boat: something of which there is only so much.
public struct ResourcePicture: Hashable, Sendable {
    public let id: String
    public var kind: String
    public var busy: Timeline<Period>

    public init(id: String, kind: String, busy: [Period] = []) {
        (self.id, self.kind, self.busy) = (id, kind, Timeline(busy))
    }

    func isFree(in period: Period) -> Bool {
        var isFree = true
        busy.visit(from: period.start, to: period.end) { _ in
            isFree = false
            return false
        }
        return isFree
    }
}

/// Too few of a kind are free for the whole trip.
public struct ResourceShortage: Hashable, Sendable {
    public let kind: String
    public let free, needed: Int
    public var code: String { "resource-short" }
    public var sentence: String { "\(free) of \(needed) '\(kind)' free for the whole trip" }
    public var remedy: String { "Move the trip, free one of kind '\(kind)', or add one." }
}

extension Period: TakesTime {
    public var period: Period { self }
}
