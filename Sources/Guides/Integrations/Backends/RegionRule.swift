import Trips

/// Keeps a service's calendar data where the service says it must be.
public enum RegionRule {
    /// Why a service may not use a backend.
    public struct Mismatch: Error, Hashable, Sendable, CustomStringConvertible {
        public let pinned: String
        public let offered: String

        public var description: String {
            "This service keeps its calendar data in \(pinned.uppercased()), and that backend keeps it in "
                + "\(offered.uppercased()). Choose a backend in \(pinned.uppercased()), or this server, or have an owner "
                + "change the service's region first."
        }
    }

    /// Any backend suits a service that names no region. A server of one's own (the built-in one or one that is named by
    /// its address) is where its operator says; a data center of the hosted service must be the very region.
    public static func check(_ backend: CalendarBackend, for region: String?) throws(Mismatch) {
        guard let pinned = region?.lowercased(), let offered = backend.region, pinned != offered else { return }
        throw Mismatch(pinned: pinned, offered: offered)
    }
}
