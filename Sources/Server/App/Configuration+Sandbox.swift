import CivilTime
import GuardedHTTP
import SandboxServer

extension Configuration {
    /// Stands in for each vendor that this server is not registered with, on a machine for development only.
    /// - Returns: the stand-ins, to be served below `SandboxPath.prefix`; nil where none is wanted.
    mutating func bringSandbox(now: @escaping @Sendable () -> Instant) throws -> SandboxWorld? {
        let missing = VendorSettings.vendors.filter { vendors[$0] == nil }
        guard isLoopback, !missing.isEmpty else { return nil }
        for vendor in missing {
            let root = try WebAddress(parsing: SandboxPath.root(of: vendor, below: publicURL))
            vendors[vendor] = VendorSettings(pretendAt: root)
        }
        return try SandboxWorld(
            base: publicURL + SandboxPath.prefix, people: SandboxPeople(around: now()), now: now)
    }
}
