public import Glibc

/// An IP address as a number: no spelling, no scope, no name.
public enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt64, UInt64)

    /// Reads the strict textual forms only: four decimal parts, or RFC 4291 §2.2. Shorthand like `127.1` is nil.
    public init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self = Self.from(six)
        } else {
            return nil
        }
    }

    /// The address in a socket address; nil for families other than IPv4 and IPv6.
    public init?(_ socketAddress: UnsafePointer<sockaddr>) {
        switch Int32(socketAddress.pointee.sa_family) {
        case AF_INET:
            self = socketAddress.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                .v4(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            self = socketAddress.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                Self.from($0.pointee.sin6_addr)
            }
        default:
            return nil
        }
    }

    private static func from(_ address: in6_addr) -> IPAddress {
        withUnsafeBytes(of: address) { bytes in
            func word(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
            return .v6(word(0..<8), word(8..<16))
        }
    }
}

extension IPAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .v4(let value): (0..<4).map { String(value >> (24 - 8 * $0) & 255) }.joined(separator: ".")
        case .v6(let high, let low):
            [high, low].flatMap { word in (0..<4).map { String(word >> (48 - 16 * $0) & 0xFFFF, radix: 16) } }
                .joined(separator: ":")
        }
    }
}

/// All addresses that share a prefix, written `10.0.0.0/8` or `fc00::/7`.
public struct IPRange: Hashable, Sendable {
    private let base: IPAddress
    private let length: Int

    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let base = IPAddress(String(first)), parts.count <= 2 else { return nil }
        let width = if case .v4 = base { 32 } else { 128 }
        guard let length = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(length) else { return nil }
        (self.base, self.length) = (base, length)
    }

    public func contains(_ address: IPAddress) -> Bool {
        switch (base, address) {
        case (.v4(let left), .v4(let right)): return Self.agree(left, right, length)
        case (.v6(let leftHigh, let leftLow), .v6(let rightHigh, let rightLow)):
            return Self.agree(leftHigh, rightHigh, min(length, 64))
                && Self.agree(leftLow, rightLow, max(length - 64, 0))
        default: return false
        }
    }

    /// Swift's smart shift gives 0 for a shift by the whole width, so a length of 0 agrees with everything.
    private static func agree<Word: FixedWidthInteger>(_ left: Word, _ right: Word, _ length: Int) -> Bool {
        (left ^ right) >> (Word.bitWidth - length) == 0
    }
}
