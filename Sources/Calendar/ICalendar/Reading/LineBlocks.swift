import Glibc

/// A run of whole content lines, each ended by LF, its folds taken out (RFC 5545 §3.1).
struct LineBlock {
    var bytes: [UInt8]
    /// Where a fold was taken out, ascending: the text before it stood on the line above.
    var folds: [Int]
    /// The first line was longer than may be and is not all there; so many physical lines of it are missing.
    var cut: Int?
}

/// Cuts bytes that arrive in any pieces into blocks, whatever ends the physical lines: CRLF, LF or CR. Every byte is
/// looked at a fixed number of times.
struct LineBlocks {
    private var pending: [UInt8] = []
    /// Before this index `pending` holds no place to cut at.
    private var searched = 0
    private var cut: Int?
    private let mostPending: Int

    /// A line of `limit` bytes may be folded after every byte.
    init(limit: Int) { mostPending = min(limit, 1 << 40) * 4 + (1 << 17) }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) { pending.append(contentsOf: bytes) }

    /// The lines that are complete; nil where none is.
    mutating func next() -> LineBlock? {
        guard let boundary = boundary() else {
            shorten()
            return nil
        }
        let rest = Array(pending[boundary...])
        pending.removeSubrange(boundary...)
        defer { (pending, searched, cut) = (rest, 0, nil) }
        return unfolded()
    }

    /// What is left when nothing more comes.
    mutating func last() -> LineBlock? {
        guard !pending.isEmpty else { return nil }
        defer { (pending, searched, cut) = ([], 0, nil) }
        return unfolded()
    }

    /// After the last line end that no fold follows; what follows must be seen to know.
    private mutating func boundary() -> Int? {
        var index = pending.count - 1
        defer { searched = max(pending.count - 1, 0) }
        while index > searched || index == searched && index > 0 {
            let (before, after) = (pending[index - 1], pending[index])
            if (before == 10 || before == 13 && after != 10) && after != 32 && after != 9 { return index }
            index -= 1
        }
        return nil
    }

    /// A line that is far too long is not kept.
    private mutating func shorten() {
        guard pending.count > mostPending else { return }
        let middle = (mostPending / 2)..<(pending.count - 1)
        cut = (cut ?? 0) + pending[middle].count { $0 == 10 }
        pending.removeSubrange(middle)
        searched = max(pending.count - 1, 0)
    }

    /// `pending` as a block. It only gets shorter, so it is done in place.
    private mutating func unfolded() -> LineBlock {
        var bytes = pending
        pending = []
        if let last = bytes.last, last != 10, last != 13 { bytes.append(10) }
        var folds: [Int] = []
        let count = bytes.withUnsafeMutableBufferPointer { Unfolding(bytes: $0).run(&folds) }
        bytes.removeSubrange(count...)
        return LineBlock(bytes: bytes, folds: folds, cut: cut)
    }
}

/// Moves lines together over their folds and their CRs.
private struct Unfolding {
    let bytes: UnsafeMutableBufferPointer<UInt8>

    /// How many bytes are left.
    func run(_ folds: inout [Int]) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var (read, write) = (0, 0)
        while read < bytes.count {
            let (end, next) = lineEnd(base, from: read)
            if write != read { memmove(base + write, base + read, end - read) }
            write += end - read
            if next < bytes.count, bytes[next] == 32 || bytes[next] == 9 {
                folds.append(write)
                read = next + 1
            } else {
                bytes[write] = 10
                write += 1
                read = next
            }
        }
        return write
    }

    /// Where the physical line that begins at `start` ends, and where the next one begins. There is a line end: the
    /// last byte is one, or was read over by a fold.
    private func lineEnd(_ base: UnsafeMutablePointer<UInt8>, from start: Int) -> (end: Int, next: Int) {
        let rest = bytes.count - start
        let feed = memchr(base + start, 10, rest).map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
        guard let found = memchr(base + start, 13, feed - start) else {
            return (feed, min(feed + 1, bytes.count))
        }
        let carriage = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        if carriage + 1 == feed { return (carriage, min(feed + 1, bytes.count)) }
        return (carriage, carriage + 1)
    }
}
