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
        let name = word.indices.filter { !isBlank(word[$0]) || !isBesideDash(word, $0) }.map { word[$0] }
        if name.count != index - start { note("blanks stand around a name") }
        return name
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    private func isBesideDash(_ word: ArraySlice<UInt8>, _ index: Int) -> Bool {
        let dash = UInt8(ascii: "-")
        return index > word.startIndex && word[index - 1] == dash
            || index + 1 < word.endIndex && word[index + 1] == dash
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
        let written = Self.trimmed(line[start..<index])
        let isWhole =
            written.count > 1 && written.first == ASCII.quote && written.last == ASCII.quote
            && written.count { $0 == ASCII.quote } == 2
        if sawQuote && heedsQuotes && !isWhole { note("quotes stand inside a parameter's value") }
        return sawQuote ? Self.trimmed(bytes[...]) : Self.trimmed(line[start..<index])
    }

    /// A colon that belongs to the last parameter: `TZID=GMT+01:00:20310405T060708`, `SENT-BY=mailto:a@b:mailto:c@d`.
    private mutating func repairColon(_ name: KnownName, _ value: inout [UInt8]) {
        // Quotes around the last parameter's value say that the colon is where it should be.
        guard var last = parameters.last, line[index - 1] != ASCII.quote, let start = Self.valueStart(name, value[...])
        else { return }
        last.values[last.values.count - 1] += ":" + String(decoding: value[..<(start - 1)], as: UTF8.self)
        parameters[parameters.count - 1] = last
        value.removeSubrange(..<start)
        note("a parameter's value with a colon has no quotes")
    }

    /// Where the value begins that `value` holds behind a piece of a parameter; nil where it holds no such piece.
    static func valueStart(_ name: KnownName, _ value: ArraySlice<UInt8>) -> Int? {
        if name.isTime { return timeStart(value) }
        return name.isAddress ? addressStart(value) : nil
    }

    /// Where a time begins after the last colon.
    private static func timeStart(_ value: ArraySlice<UInt8>) -> Int? {
        guard let colon = value.lastIndex(of: ASCII.colon) else { return nil }
        let digits = value[(colon + 1)...].prefix(8)
        return digits.count == 8 && digits.allSatisfy { (48...57).contains($0) } ? colon + 1 : nil
    }

    /// Where the last `mailto:` begins, if something other than an address stands before it.
    private static func addressStart(_ value: ArraySlice<UInt8>) -> Int? {
        guard value.count > scheme.count else { return nil }
        for start in (value.startIndex...(value.endIndex - scheme.count)).reversed()
        where value[start] == ASCII.colon && zip(scheme, value[start...]).allSatisfy({ $0 == ASCII.upper($1) }) {
            return start + 1
        }
        return nil
    }

    private static let scheme = Array(":MAILTO:".utf8)

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
