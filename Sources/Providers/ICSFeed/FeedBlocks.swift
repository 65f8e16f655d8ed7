/// The lines of a calendar file by the component they stand in. Lines are unfolded (RFC 5545 §3.1), nothing else is
/// changed; line ends of any kind and a byte order mark are taken.
struct FeedBlocks: Sendable {
    typealias Line = ArraySlice<UInt8>

    /// A top-level component with its BEGIN and END.
    struct Block: Sendable {
        var lines: [[UInt8]]

        /// The value of the first property of this name at the component's own level.
        func value(_ name: String) -> String? {
            var depth = 0
            for line in lines {
                switch FeedBlocks.name(of: line) {
                case "BEGIN": depth += 1
                case "END": depth -= 1
                case name where depth == 1: return FeedBlocks.value(of: line)
                default: continue
                }
            }
            return nil
        }
    }

    private(set) var properties: [[UInt8]] = []
    private(set) var zones: [Block] = []
    private(set) var events: [Block] = []

    func property(_ name: String) -> String? {
        properties.first { Self.name(of: $0) == name }.map(Self.value).flatMap { $0.isEmpty ? nil : $0 }
    }

    init(reading bytes: [UInt8]) throws(FeedFile.Fault) {
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        var open: [String] = []
        var block = Block(lines: [])
        var hasBegun = false
        for line in Self.unfolded(body) where !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
            let name = Self.name(of: line)
            let component = Self.value(of: line).uppercased()
            guard hasBegun || (name == "BEGIN" && component == "VCALENDAR") else { throw .notCalendar }
            hasBegun = true
            if name == "BEGIN" { open.append(component) }
            if open.count > 1 {
                block.lines.append(line)
            } else if name != "BEGIN", name != "END" {
                properties.append(line)
            }
            guard name == "END" else { continue }
            // An END without its BEGIN is damage inside one component: it closes that component only.
            if let match = open.lastIndex(of: component) { open.removeSubrange(match...) }
            if open.count == 1, !block.lines.isEmpty { try keep(&block) }
        }
        guard hasBegun else { throw .empty }
        guard open.isEmpty else { throw .truncated }
    }

    private mutating func keep(_ block: inout Block) throws(FeedFile.Fault) {
        switch block.lines.first.map(Self.value)?.uppercased() {
        case "VEVENT": events.append(block)
        case "VTIMEZONE": zones.append(block)
        default: break
        }
        block.lines.removeAll()
        guard events.count <= FeedFile.maximumEvents else { throw .tooManyEvents }
    }

    private static func unfolded(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for raw in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let isFolded = raw.first == 0x20 || raw.first == 0x09
            if isFolded, !lines.isEmpty {
                lines[lines.count - 1].append(contentsOf: raw.dropFirst())
            } else {
                lines.append(Array(raw))
            }
        }
        return lines
    }

    /// Upper case, without parameters.
    static func name(of line: [UInt8]) -> String {
        String(decoding: line.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ";") }.prefix(40), as: UTF8.self)
            .uppercased()
    }

    /// After the first colon outside quotes (RFC 5545 §3.1).
    static func value(of line: [UInt8]) -> String {
        var isQuoted = false
        for (index, byte) in line.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard byte == UInt8(ascii: ":"), !isQuoted else { continue }
            let text = String(decoding: line[(index + 1)...], as: UTF8.self)
            return String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return ""
    }
}
