internal import Glibc

/// Names to addresses, by the system's resolver; blocks, so it runs on a transfer's own thread.
enum Resolver {
    /// Every address of `host`, in the system's order of preference. Spellings such as `127.1` are addresses too.
    static func addresses(of host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        // Our own number.
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [IPAddress] = []
        var next = first
        while let entry = next?.pointee {
            if let raw = entry.ai_addr, let address = IPAddress(raw), !found.contains(address) { found.append(address) }
            next = entry.ai_next
        }
        return found
    }
}
