/// Where the parts of a line are.
struct LineShape {
    let nameLength: Int
    /// In the same bytes as the line's own start.
    let valueStart: Int
    let name: KnownName

    enum Refusal { case malformed, tooManyParameters }
}

/// Finds the parts of lines that are as they should be, in one look at the bytes before the value.
struct LineScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    let mostParameters: Int
    let names = NameTable.shared

    /// The shape of the line at `range`, or why it has none.
    func shape(_ range: Range<Int>) -> Result<LineShape, Refused> {
        var (index, hash) = (range.lowerBound, UInt64(0))
        while index < range.upperBound, ASCII.isNameByte(bytes[index]) {
            hash = NameTable.mix(hash, bytes[index])
            index += 1
        }
        let length = index - range.lowerBound
        guard length > 0, length < 1 << 15, index < range.upperBound else { return .failure(.malformed) }
        let name = names.name(UnsafeBufferPointer(rebasing: bytes[range.lowerBound..<index]), hash: hash)
        if bytes[index] == ASCII.semicolon {
            if let refusal = parameters(&index, range.upperBound) { return .failure(refusal) }
            guard isPlausible(name, value: index + 1..<range.upperBound) else { return .failure(.malformed) }
        } else if bytes[index] != ASCII.colon {
            return .failure(.malformed)
        }
        return .success(LineShape(nameLength: length, valueStart: index + 1, name: name))
    }

    enum Refused: Error { case malformed, tooManyParameters }

    /// Moves from the first semicolon to the colon.
    private func parameters(_ index: inout Int, _ end: Int) -> Refused? {
        var count = 0
        repeat {
            count += 1
            guard count <= mostParameters else { return .tooManyParameters }
            let start = index + 1
            index = start
            while index < end, ASCII.isNameByte(bytes[index]) { index += 1 }
            guard index > start, index < end, bytes[index] == ASCII.equals else { return .malformed }
            repeat {
                index += 1
                guard skipValue(&index, end) else { return .malformed }
            } while bytes[index] == ASCII.comma
        } while bytes[index] == ASCII.semicolon
        return bytes[index] == ASCII.colon ? nil : .malformed
    }

    /// Moves behind one value; false where the line ends in it.
    private func skipValue(_ index: inout Int, _ end: Int) -> Bool {
        if index < end, bytes[index] == ASCII.quote {
            index += 1
            while index < end, bytes[index] != ASCII.quote { index += 1 }
            index += 1
            return index < end
        }
        while index < end {
            switch bytes[index] {
            case ASCII.comma, ASCII.semicolon, ASCII.colon: return true
            case ASCII.quote: return false
            default: index += 1
            }
        }
        return false
    }

    /// A colon in the value of a date, or before `mailto:`, was meant to stand in the last parameter, unless that one has
    /// its quotes.
    private func isPlausible(_ name: KnownName, value: Range<Int>) -> Bool {
        guard name.isTime || name.isAddress, bytes[value.lowerBound - 2] != ASCII.quote,
            bytes[value].contains(ASCII.colon)
        else { return true }
        return LineRepair.valueStart(name, Array(bytes[value])[...]) == nil
    }
}
