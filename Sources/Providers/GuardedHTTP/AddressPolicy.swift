/// Which outside addresses this server may reach: a rule on resolved addresses, never on spellings.
public struct AddressPolicy: Sendable {
    public enum Reach: Hashable, Sendable {
        /// Public addresses only.
        case publicOnly
        /// Public addresses, and loopback on any port with `http`: for trying things out on one machine.
        case development
    }

    public var reach: Reach
    /// Hosts that may be spoken to without TLS, as they are written in addresses.
    public var plainTextHosts: Set<String>
    /// Ports allowed beside 443 and 8443 (and 80 for hosts without TLS).
    public var ports: Set<UInt16>
    /// Networks of the operator's own whose servers people may name although their ranges are special.
    public var networks: [IPRange]
    /// Public addresses of this server that its interfaces do not show, as behind address translation.
    public var ownAddresses: Set<IPAddress>
    /// False only in the tests' control, which shows that the checks are what refuses.
    var isEnforced = true

    public init(
        _ reach: Reach = .publicOnly, plainTextHosts: Set<String> = [], ports: Set<UInt16> = [],
        networks: [IPRange] = [], ownAddresses: Set<IPAddress> = []
    ) {
        (self.reach, self.plainTextHosts, self.ports) = (reach, Set(plainTextHosts.map { $0.lowercased() }), ports)
        (self.networks, self.ownAddresses) = (networks, ownAddresses)
    }

    public static let publicOnly = AddressPolicy(.publicOnly)
    public static let development = AddressPolicy(.development)

    /// What is wrong with `address` by its text alone; nil where resolution has to decide.
    public func fault(in address: WebAddress) -> WebAddress.Fault? {
        guard isEnforced, reach == .publicOnly else { return nil }
        return webFault(in: address)
    }

    /// Throws unless every one of `addresses`, to which the host resolved, may be connected to.
    func check(_ address: WebAddress, at addresses: [IPAddress]) throws(FetchFailure) {
        guard isEnforced else { return }
        guard !addresses.isEmpty else { throw .notReached }
        if reach == .development, addresses.allSatisfy(SpecialAddresses.isLoopback) { return }
        if let fault = webFault(in: address) { throw .invalidAddress(fault) }
        let own = ownAddresses.union(SpecialAddresses.ownInterfaces())
        // One private answer among public ones is how a name is made to lead inside: all must pass.
        guard addresses.allSatisfy({ admits($0, own: own) }) else { throw .addressRefused }
    }

    private func admits(_ address: IPAddress, own: Set<IPAddress>) -> Bool {
        if networks.contains(where: { $0.contains(address) }) { return true }
        return !SpecialAddresses.contains(address) && !own.contains(address)
    }

    private func webFault(in address: WebAddress) -> WebAddress.Fault? {
        let isListed = plainTextHosts.contains(address.host)
        if address.scheme == .http && !isListed { return .plainTextRefused }
        let usual: Set<UInt16> = isListed ? [443, 8443, 80] : [443, 8443]
        return usual.union(ports).contains(address.port) ? nil : .portRefused
    }
}
