/// Names and values of a query or of an urlencoded form (WHATWG URL §5.1), in the order they came.
public struct FormValues: Hashable, Sendable {
    public private(set) var pairs: [(name: String, value: String)] = []

    /// More fields than any page of ours has; the rest is not read.
    public static let limit = 5000

    public init() {}

    public init(urlEncoded text: some StringProtocol) {
        for part in text.utf8.split(separator: UInt8(ascii: "&"), maxSplits: Self.limit).prefix(Self.limit) {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = halves.first else { continue }
            append(
                PercentCoding.decode(name, plusIsSpace: true),
                halves.count > 1 ? PercentCoding.decode(halves[1], plusIsSpace: true) : "")
        }
    }

    public mutating func append(_ name: String, _ value: String) { pairs.append((name, value)) }

    /// The first value of `name`, without white space around it; nil where there is none or it is empty.
    public subscript(name: String) -> String? {
        guard let found = pairs.first(where: { $0.name == name }) else { return nil }
        let text = found.value.trimmed
        return text.isEmpty ? nil : text
    }

    /// The first value of `name` exactly as it came: for passwords.
    public func exact(_ name: String) -> String? { pairs.first { $0.name == name }?.value }

    public func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    public static func == (left: FormValues, right: FormValues) -> Bool {
        left.pairs.elementsEqual(right.pairs, by: ==)
    }

    public func hash(into hasher: inout Hasher) {
        for pair in pairs {
            hasher.combine(pair.name)
            hasher.combine(pair.value)
        }
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    public var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
