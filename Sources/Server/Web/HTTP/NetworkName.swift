import Glibc
import HTTPTypes

/// The name of the network that a request comes from, as limits count it.
struct NetworkName: Sendable {
    /// Proxies of ours, whose word on who asked is taken.
    let trustedProxies: Set<String>

    /// `peer`: the address at the other end of the connection. Of the addresses that proxies wrote down, the last that
    /// is none of ours counts: what stands before it anybody may have written.
    func name(peer: String?, headers: HTTPFields) -> String {
        var found = peer.flatMap(Self.bytes)
        let noted: [String] = Self.forwardedFor.map { headers[values: $0] } ?? []
        var hops = noted.joined(separator: ",").split(separator: ",").map { $0.filter { $0 != " " } }
        while let address = found, trusted.contains(address), let hop = hops.popLast(), let next = Self.bytes(hop) {
            found = next
        }
        guard let found else { return "unknown" }
        let network = found.count == 16 ? found.prefix(8) : found[...]
        return network.map(String.init).joined(separator: ".")
    }

    private var trusted: Set<[UInt8]> { Set(trustedProxies.compactMap(Self.bytes)) }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")

    /// 4 or 16 bytes; an IPv4 address in IPv6 clothes has 4.
    private static func bytes(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
        return isMapped ? Array(bytes.suffix(4)) : bytes
    }
}
