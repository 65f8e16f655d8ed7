/// Why a zone file could not be used.
public enum TZifError: Error, Hashable, Sendable {
    case notTZif
    /// The file ends before what its header promises.
    case truncated
    /// A transition names a type that the file does not have, or times do not ascend.
    case inconsistent
}

extension Zone {
    /// A zone from the bytes of a TZif file, version 1 to 4 (RFC 9636). Every read is checked against the end.
    public convenience init(id: ZoneID, tzif bytes: [UInt8]) throws(TZifError) {
        var reader = TZifReader(bytes)
        var block = try reader.block(timeSize: 4)
        var footer: FooterRule?
        if block.version >= 2 {
            // The first block is for readers of 1984; the second has the same in 64 bits (RFC 9636 §3).
            block = try reader.block(timeSize: 8)
            footer = FooterRule(parsing: reader.footer())
        }
        guard let first = block.offsets.first else { throw .inconsistent }
        var (times, offsets) = ([Int64](), [first])
        for (time, type) in zip(block.times, block.types) {
            guard Int(type) < block.offsets.count, times.last.map({ $0 < time }) ?? true else { throw .inconsistent }
            times.append(time)
            offsets.append(block.offsets[Int(type)])
        }
        self.init(id: id, transitions: times, offsets: offsets, footer: footer)
    }
}

private struct TZifReader {
    struct Block {
        var version: Int
        var times: [Int64]
        var types: [UInt8]
        var offsets: [Int32]
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// A header and its data (RFC 9636 §3.1, §3.2); `timeSize` is 4 or 8.
    mutating func block(timeSize: Int) throws(TZifError) -> Block {
        guard try take(4).elementsEqual("TZif".utf8) else { throw .notTZif }
        let version = Int(try take(1).first ?? 0)
        _ = try take(15)
        var counts: [Int] = []
        for _ in 0..<6 { counts.append(try count()) }
        // In the order of the header: UT indicators, standard indicators, leap seconds, times, types, characters.
        var times: [Int64] = []
        for _ in 0..<counts[3] { times.append(Self.integer(try take(timeSize))) }
        let types = Array(try take(counts[3]))
        var offsets: [Int32] = []
        for _ in 0..<counts[4] {
            let offset = Self.integer(try take(4))
            guard (-93_599...93_599).contains(offset) else { throw .inconsistent }
            offsets.append(Int32(offset))
            _ = try take(2)
        }
        _ = try take(counts[5])
        for _ in 0..<counts[2] { _ = try take(timeSize + 4) }
        _ = try take(counts[1])
        _ = try take(counts[0])
        return Block(version: version < 0x32 ? 1 : 2, times: times, types: types, offsets: offsets)
    }

    /// What stands between the two line feeds at the end.
    func footer() -> ArraySlice<UInt8> {
        guard position < bytes.count, bytes[position] == 10 else { return [] }
        return bytes[(position + 1)...].prefix { $0 != 10 }
    }

    /// A count no larger than the file, so that what is read by it stays in bounds.
    private mutating func count() throws(TZifError) -> Int {
        let count = Self.integer(try take(4))
        guard count >= 0, count <= bytes.count else { throw .truncated }
        return Int(count)
    }

    private mutating func take(_ count: Int) throws(TZifError) -> ArraySlice<UInt8> {
        guard bytes.count - position >= count else { throw .truncated }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// Big-endian two's complement of 4 or 8 bytes.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int64 {
        var value: UInt64 = (bytes.first ?? 0) & 0x80 != 0 ? .max : 0
        for byte in bytes { value = value << 8 | UInt64(byte) }
        return Int64(bitPattern: value)
    }
}
