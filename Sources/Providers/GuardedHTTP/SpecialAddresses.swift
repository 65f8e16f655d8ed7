internal import Glibc

/// Addresses no outside server lives at (IANA special-purpose registries, RFC 6890, and one cloud's metadata service).
enum SpecialAddresses {
    static func contains(_ address: IPAddress) -> Bool {
        switch address {
        case .v4: return ranges.contains { $0.contains(address) }
        // Everything outside 2000::/3 is unallocated, local or multicast (RFC 4291 §2.4); the list covers the rest.
        case .v6(let high, _): return high >> 61 != 1 || ranges.contains { $0.contains(address) }
        }
    }

    static func isLoopback(_ address: IPAddress) -> Bool {
        switch address {
        case .v4(let value): value >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }

    /// What this machine's interfaces answer to: a public address of ours is still ours.
    static func ownInterfaces() -> Set<IPAddress> {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: Set<IPAddress> = []
        var next = first
        while let interface = next?.pointee {
            if let raw = interface.ifa_addr, let address = IPAddress(raw) { found.insert(address) }
            next = interface.ifa_next
        }
        return found
    }

    static let ranges: [IPRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        // Unspecified, loopback and IPv4-compatible; mapped; NAT64; discard; Teredo; benchmarks; ORCHID; documentation; 6to4.
        "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:2::/48",
        "2001:10::/28",
        "2001:20::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { IPRange($0) }
}
