/// A URI reference cut at its delimiters (RFC 3986 §3, appendix B), nothing judged yet.
struct AddressReference {
    let scheme: [UInt8]?
    let authority: [UInt8]?
    let path: [UInt8]
    let query: [UInt8]?

    init(_ bytes: [UInt8]) {
        var rest = bytes.prefix { $0 != UInt8(ascii: "#") }
        scheme = Self.takeScheme(from: &rest)
        if rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            let name = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            authority = Array(name)
            rest = rest.dropFirst(name.count)
        } else {
            authority = nil
        }
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        self.path = Array(path)
        query = path.endIndex < rest.endIndex ? Array(rest[(path.endIndex + 1)...]) : nil
    }

    private static func takeScheme(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let name = rest.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard name.endIndex < rest.endIndex, rest[name.endIndex] == UInt8(ascii: ":"), let first = name.first,
            isLetter(first), name.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0) })
        else { return nil }
        rest = rest[(name.endIndex + 1)...]
        return Array(name)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }
}

/// `.` and `..` taken out of a path (RFC 3986 §5.2.4).
enum DotSegments {
    static func removed(from path: some Sequence<UInt8>) -> [UInt8] {
        let segments = Array(path).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var kept: [ArraySlice<UInt8>] = []
        for (index, segment) in segments.enumerated() where index > 0 || !segment.isEmpty {
            let isLast = index == segments.count - 1
            switch plain(segment) {
            case [0x2E]: if isLast { kept.append([]) }
            case [0x2E, 0x2E]:
                _ = kept.popLast()
                if isLast { kept.append([]) }
            default: kept.append(segment)
            }
        }
        return [UInt8(ascii: "/")] + kept.joined(separator: [UInt8(ascii: "/")])
    }

    /// `%2e` is a dot to every server, so it is one here before dots are looked for.
    private static func plain(_ segment: ArraySlice<UInt8>) -> [UInt8] {
        guard segment.count <= 6 else { return [] }
        return PercentEncoding.decoded(Array(segment), keepingSlash: true)
    }
}
