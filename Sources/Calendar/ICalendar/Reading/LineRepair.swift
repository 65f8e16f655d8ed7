/// Takes apart a line that is not as it should be.
struct LineRepair {
    private let line: [UInt8]
    private let mostParameters: Int
    private var index = 0
    private var parameters: [Property.Parameter] = []
    /// What was wrong, in words.
    private(set) var problems: [String] = []

    private init(_ line: [UInt8], mostParameters: Int) { (self.line, self.mostParameters) = (line, mostParameters) }

    /// The property that `line` was meant to be and what was wrong with it; nil where it has no name or no colon.
    static func property(
        _ line: [UInt8], mostParameters: Int, number: Int
    ) -> (property: Property, problems: [String])? {
        for heedsQuotes in [true, false] {
            var repair = LineRepair(line, mostParameters: mostParameters)
            if let property = repair.property(heedsQuotes: heedsQuotes, number: number) {
                return (property, repair.problems)
            }
        }
        return nil
    }

    private mutating func property(heedsQuotes: Bool, number: Int) -> Property? {
        let name = word(until: [ASCII.semicolon, ASCII.colon])
        guard !name.isEmpty, name.count < 1 << 15, name.allSatisfy(ASCII.isNameByte), index < line.count else {
            return nil
        }
        if !heedsQuotes { problems.append("a quote is not closed") }
        while index < line.count, line[index] == ASCII.semicolon { parameter(heedsQuotes: heedsQuotes) }
        guard index < line.count, line[index] == ASCII.colon else { return nil }
        let spelling = String(decoding: name, as: UTF8.self)
        var value = Array(line[(index + 1)...])
        repairColon(KnownName(named: spelling), &value)
        return Property(spelling: spelling, value: value, parameters: parameters, line: number)
    }

    /// The bytes up to one of `stops`, without blanks around them.
    private mutating func word(until stops: [UInt8]) -> [UInt8] {
        let start = index
        while index < line.count, !stops.contains(line[index]) { index += 1 }
        let word = Self.trimmed(line[start..<index])
        if word.count != index - start { note("blanks stand around a name") }
        return Array(word)
    }

    private mutating func parameter(heedsQuotes: Bool) {
        index += 1
        let name = word(until: [ASCII.equals, ASCII.semicolon, ASCII.colon])
        var values: [String] = []
        if index < line.count, line[index] == ASCII.equals {
            repeat {
                index += 1
                values.append(Property.Parameter.decoded(value(heedsQuotes: heedsQuotes)))
            } while index < line.count && line[index] == ASCII.comma
        }
        if name.isEmpty, values.allSatisfy(\.isEmpty) { return note("a semicolon stands before no parameter") }
        guard !name.isEmpty, name.allSatisfy(ASCII.isNameByte) else {
            return note("a parameter's name has signs that no name may have")
        }
        guard parameters.count < mostParameters else {
            return note("there are more than \(mostParameters) parameters")
        }
        if values.isEmpty { note("a parameter has no value") }
        parameters.append(Property.Parameter(spelling: String(decoding: name, as: UTF8.self), values))
    }

    /// One value: what stands in quotes, and what stands around them, without the quotes.
    private mutating func value(heedsQuotes: Bool) -> ArraySlice<UInt8> {
        let stops = [ASCII.comma, ASCII.semicolon, ASCII.colon]
        var bytes: [UInt8] = []
        var (isQuoted, sawQuote) = (false, false)
        let start = index
        while index < line.count, isQuoted || !stops.contains(line[index]) {
            if line[index] == ASCII.quote {
                if heedsQuotes { isQuoted.toggle() }
                sawQuote = true
            } else {
                bytes.append(line[index])
            }
            index += 1
        }
        let isWhole = line[start..<index].first == ASCII.quote && line[start..<index].last == ASCII.quote
        if sawQuote && heedsQuotes && !(isWhole && bytes.count == index - start - 2) {
            note("quotes stand inside a parameter's value")
        }
        return sawQuote ? Self.trimmed(bytes[...]) : Self.trimmed(line[start..<index])
    }

    /// A colon that belongs to the last parameter: `TZID=GMT+01:00:20310405T060708`, `SENT-BY=mailto:a@b:mailto:c@d`.
    private mutating func repairColon(_ name: KnownName, _ value: inout [UInt8]) {
        guard var last = parameters.last else { return }
        let start =
            if name.isTime { Self.timeStart(value) } else if name.isAddress { Self.addressStart(value) } else {
                Int?.none
            }
        guard let start else { return }
        last.values[last.values.count - 1] += ":" + String(decoding: value[..<(start - 1)], as: UTF8.self)
        parameters[parameters.count - 1] = last
        value.removeSubrange(..<start)
        note("a parameter's value with a colon has no quotes")
    }

    /// Where a time begins after the last colon.
    private static func timeStart(_ value: [UInt8]) -> Int? {
        guard let colon = value.lastIndex(of: ASCII.colon) else { return nil }
        let digits = value[(colon + 1)...].prefix(8)
        return digits.count == 8 && digits.allSatisfy { (48...57).contains($0) } ? colon + 1 : nil
    }

    /// Where the last `mailto:` begins, if something other than an address stands before it.
    static func addressStart(_ value: [UInt8]) -> Int? {
        let scheme = Array(":MAILTO:".utf8)
        guard value.count > scheme.count else { return nil }
        for start in (0...(value.count - scheme.count)).reversed()
        where zip(scheme, value[start...]).allSatisfy({ $0 == ASCII.upper($1) }) { return start + 1 }
        return nil
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let part = bytes.drop { $0 == 32 || $0 == 9 }
        guard let last = part.lastIndex(where: { $0 != 32 && $0 != 9 }) else { return part.prefix(0) }
        return part[...last]
    }

    private mutating func note(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }
}

extension KnownName {
    init(named name: String) { self = NameTable.shared.name(name) }
}
