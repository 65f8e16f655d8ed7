import Glibc

/// One pass over bytes: blocks into lines, lines into properties, properties into the builder.
struct LineReader {
    private let limits: ReadLimits
    private var blocks: LineBlocks
    private var encoding = EncodingReader()
    private var total = 0
    /// The physical line that is read next, from 1.
    private var number = 1
    var builder: ComponentBuilder
    /// A line without colon, which the next line may go on.
    private var held: (bytes: [UInt8], line: Int)?

    init(limits: ReadLimits, builder: ComponentBuilder) {
        (self.limits, self.builder) = (limits, builder)
        blocks = LineBlocks(limit: limits.line)
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(ICalendarReadError) {
        total += bytes.count
        guard total <= limits.total else { throw .tooLarge(limit: limits.total) }
        encoding.take(bytes, into: &blocks)
        while let block = blocks.next() { try read(block) }
    }

    mutating func finish() throws(ICalendarReadError) {
        encoding.finish(into: &blocks)
        if encoding.isUTF16 {
            builder.note(.repaired, 1, nil, "the text is in UTF-16", action: "it was read as such")
        }
        while let block = blocks.next() { try read(block) }
        if let block = blocks.last() { try read(block) }
        release()
        try builder.finish(line: number)
    }

    private mutating func read(_ block: LineBlock) throws(ICalendarReadError) {
        let buffer = LineBuffer(block.bytes)
        try buffer.bytes.withUnsafeBufferPointer { bytes throws(ICalendarReadError) in
            let scanner = LineScanner(bytes: bytes, mostParameters: limits.parameters)
            guard let base = bytes.baseAddress else { return }
            var (start, fold) = (0, 0)
            while start < bytes.count {
                // Every line of a block ends in LF.
                let end =
                    memchr(base + start, 10, bytes.count - start)
                    .map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
                let line = number
                number += 1
                while fold < block.folds.count, block.folds[fold] <= end {
                    fold += 1
                    number += 1
                }
                if end > start {
                    if start == 0, let missing = block.cut {
                        number += missing
                        tooLong(bytes[start..<end], line)
                    } else if end - start > limits.line {
                        tooLong(bytes[start..<end], line)
                    } else {
                        try take(start..<end, of: buffer, scanner, line)
                    }
                }
                start = end + 1
            }
        }
    }

    private mutating func take(
        _ range: Range<Int>, of buffer: LineBuffer, _ scanner: LineScanner, _ line: Int
    ) throws(ICalendarReadError) {
        if held != nil { return try goOn(with: Array(buffer.bytes[range]), line) }
        guard LineCleaning.isPlain(scanner.bytes, range) else { return try clean(range, of: buffer, line) }
        guard case .success(let shape) = scanner.shape(range) else {
            return try repair(Array(buffer.bytes[range]), line)
        }
        try builder.take(Property(buffer: buffer, range: range, shape: shape, line: line))
    }

    /// A line with something else than plain ASCII in it.
    private mutating func clean(
        _ range: Range<Int>, of buffer: LineBuffer, _ line: Int
    ) throws(ICalendarReadError) {
        let cleaning = LineCleaning(buffer.bytes[range])
        for problem in cleaning.problems {
            builder.note(.repaired, line, property(of: cleaning.bytes), problem, action: cleaning.action)
        }
        guard !cleaning.bytes.isEmpty else { return }
        let own = cleaning.problems.isEmpty ? buffer : LineBuffer(Array(cleaning.bytes))
        let place = cleaning.problems.isEmpty ? range : 0..<own.bytes.count
        let shape = own.bytes.withUnsafeBufferPointer {
            LineScanner(bytes: $0, mostParameters: limits.parameters).shape(place)
        }
        guard case .success(let shape) = shape else { return try repair(Array(own.bytes[place]), line) }
        try builder.take(Property(buffer: own, range: place, shape: shape, line: line))
    }

    private mutating func repair(_ bytes: [UInt8], _ line: Int) throws(ICalendarReadError) {
        guard bytes.contains(where: { $0 != 32 && $0 != 9 }) else { return }
        guard
            let (property, problems) = LineRepair.property(bytes, mostParameters: limits.parameters, number: line)
        else {
            held = (bytes, line)
            return
        }
        let isCut = problems.contains { $0.hasPrefix("there are more than") }
        for problem in problems {
            builder.note(
                isCut ? .error : .repaired, line, property.name, problem,
                action: isCut ? "the rest was left out" : "it was read as it was meant")
        }
        try builder.take(property)
        if isCut { builder.cut(property) }
    }

    /// Some programs fold before the colon or a parameter and leave out the space.
    private mutating func goOn(with bytes: [UInt8], _ line: Int) throws(ICalendarReadError) {
        if let before = held, bytes[0] == ASCII.colon || bytes[0] == ASCII.semicolon, before.bytes.count < limits.line {
            held = nil
            builder.note(
                .repaired, line, property(of: before.bytes[...]), "the line goes on without a space before it",
                action: "it was joined to the line before")
            return try take(alone: before.bytes + bytes, before.line)
        }
        release()
        try take(alone: bytes, line)
    }

    private mutating func take(alone bytes: [UInt8], _ line: Int) throws(ICalendarReadError) {
        try clean(0..<bytes.count, of: LineBuffer(bytes), line)
    }

    private mutating func release() {
        if let stray = held { builder.stray(stray.bytes, stray.line) }
        held = nil
    }

    private mutating func tooLong(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ line: Int) {
        builder.tooLong(name: property(of: Array(bytes.prefix(64))[...]), line: line, limit: limits.line)
    }

    /// The name that a line begins with, for messages.
    private func property(of bytes: ArraySlice<UInt8>) -> String? {
        let name = bytes.prefix(while: ASCII.isNameByte)
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self).uppercased()
    }
}
