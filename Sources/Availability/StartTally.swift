/// How many of a group can, for every start at once: the counts are binary numbers that stand upright, slice `j` holding
/// bit `j` of each. Eight masks are added together, most of it by full adders without carries beyond them.
struct StartTally {
    private let width: Int
    /// `slices[j * width + word]`; slices 0 to 2 are the adders' own.
    private var slices: [UInt64]
    private let depth: Int
    private var waiting: [UInt64]
    private var count = 0

    init(wordCount: Int, members: Int) {
        width = wordCount
        depth = max(4, Int.bitWidth - members.leadingZeroBitCount)
        slices = Array(repeating: 0, count: depth * wordCount)
        waiting = Array(repeating: 0, count: 8 * wordCount)
    }

    mutating func add(_ mask: StartMask) {
        let base = count * width
        waiting.withUnsafeMutableBufferPointer { waiting in
            mask.words.withUnsafeBufferPointer { for index in 0..<width { waiting[base + index] = $0[index] } }
        }
        count += 1
        if count == 8 { flush() }
    }

    private mutating func flush() {
        let width = width
        for index in count * width..<8 * width { waiting[index] = 0 }
        count = 0
        let depth = depth
        slices.withUnsafeMutableBufferPointer { slices in
            waiting.withUnsafeBufferPointer { waiting in
                for word in 0..<width {
                    var (ones, twos, fours) = (slices[word], slices[width + word], slices[2 * width + word])
                    let a = Self.add(&ones, waiting[word], waiting[width + word])
                    let b = Self.add(&ones, waiting[2 * width + word], waiting[3 * width + word])
                    let c = Self.add(&ones, waiting[4 * width + word], waiting[5 * width + word])
                    let d = Self.add(&ones, waiting[6 * width + word], waiting[7 * width + word])
                    let e = Self.add(&twos, a, b)
                    let f = Self.add(&twos, c, d)
                    var carry = Self.add(&fours, e, f)
                    (slices[word], slices[width + word], slices[2 * width + word]) = (ones, twos, fours)
                    var slice = 3
                    while carry != 0, slice < depth {
                        let at = slice * width + word
                        (slices[at], carry) = (slices[at] ^ carry, slices[at] & carry)
                        slice += 1
                    }
                }
            }
        }
    }

    /// Full adder: the sum stays in `sum`, the carry is returned.
    @inline(__always)
    private static func add(_ sum: inout UInt64, _ left: UInt64, _ right: UInt64) -> UInt64 {
        let half = sum ^ left
        let carry = sum & left | half & right
        sum = half ^ right
        return carry
    }

    /// Where at least `needed` can.
    mutating func atLeast(_ needed: Int) -> StartMask {
        if count > 0 { flush() }
        var result = StartMask(wordCount: width)
        for word in 0..<width {
            var (greater, equal) = (UInt64(0), UInt64.max)
            for slice in (0..<depth).reversed() {
                let bits = slices[slice * width + word]
                if needed >> slice & 1 == 1 {
                    equal &= bits
                } else {
                    greater |= equal & bits
                    equal &= ~bits
                }
            }
            result.words[word] = greater | equal
        }
        return result
    }
}
