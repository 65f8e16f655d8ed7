/// Starts as bits. Index 0 is the lowest bit of the first word.
struct StartMask {
    var words: [UInt64]

    init(wordCount: Int) { words = Array(repeating: 0, count: wordCount) }

    func contains(_ index: Int) -> Bool { words[index >> 6] & (1 &<< UInt64(index & 63)) != 0 }

    mutating func fill(_ word: UInt64) {
        words.withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] = word } }
    }

    mutating func insert(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let (low, high) = (range.lowerBound >> 6, (range.upperBound - 1) >> 6)
        let head = UInt64.max &<< UInt64(range.lowerBound & 63)
        let tail = UInt64.max &>> UInt64(63 - (range.upperBound - 1) & 63)
        guard low < high else {
            words[low] |= head & tail
            return
        }
        words[low] |= head
        for index in low + 1..<high { words[index] = .max }
        words[high] |= tail
    }

    mutating func formIntersection(_ other: StartMask) {
        words.withUnsafeMutableBufferPointer { own in
            other.words.withUnsafeBufferPointer { other in
                for index in own.indices { own[index] &= other[index] }
            }
        }
    }

    mutating func formUnion(_ other: StartMask) {
        words.withUnsafeMutableBufferPointer { own in
            other.words.withUnsafeBufferPointer { other in
                for index in own.indices { own[index] |= other[index] }
            }
        }
    }

    func isDisjoint(with other: StartMask) -> Bool {
        var common: UInt64 = 0
        for (left, right) in zip(words, other.words) { common |= left & right }
        return common == 0
    }

    func isSuperset(of other: StartMask) -> Bool {
        var missing: UInt64 = 0
        for (left, right) in zip(words, other.words) { missing |= right & ~left }
        return missing == 0
    }

    /// A bit stays where it and the `length - 1` after it are set; beyond the end none is.
    mutating func keepRuns(of length: Int) {
        var reached = 1
        while reached < length {
            let step = min(reached, length - reached)
            intersect(movedDownBy: step)
            reached += step
        }
    }

    private mutating func intersect(movedDownBy distance: Int) {
        let (skip, shift) = (distance >> 6, UInt64(distance & 63))
        words.withUnsafeMutableBufferPointer { words in
            let whole = max(0, words.count - skip - 1)
            if shift == 0 {
                for index in 0..<whole { words[index] &= words[index + skip] }
            } else {
                // Upwards: a word is read before it is written.
                for index in 0..<whole {
                    words[index] &= words[index + skip] &>> shift | words[index + skip + 1] &<< (64 - shift)
                }
            }
            guard skip < words.count else {
                for index in words.indices { words[index] = 0 }
                return
            }
            words[whole] &= words[words.count - 1] &>> shift
            for index in whole + 1..<words.count { words[index] = 0 }
        }
    }

    /// Every bit moves to a higher index; what falls off the end is lost.
    mutating func moveUp(by distance: Int) {
        guard distance > 0 else { return }
        let (skip, shift) = (distance >> 6, UInt64(distance & 63))
        for index in words.indices.reversed() {
            let source = index - skip
            let high = source >= 0 ? words[source] &<< shift : 0
            let low = shift > 0 && source >= 1 ? words[source - 1] &>> (64 - shift) : 0
            words[index] = high | low
        }
    }
}
