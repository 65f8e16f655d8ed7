/// A content line, `NAME;PARAMETER=value:value` (RFC 5545 §3.1): a range of the bytes it was read from, taken apart when
/// asked. It is always a line that can be written: it holds no line break and no control character but tabs.
public struct Property: Sendable {
    let buffer: LineBuffer
    let start: UInt32
    /// The first byte of the value.
    let valueStart: UInt32
    let end: UInt32
    private let physicalLine: UInt32
    let nameLength: UInt16
    let known: KnownName

    init(buffer: LineBuffer, range: Range<Int>, shape: LineShape, line: Int) {
        // Texts end at `ReadLimits.total`, names at 2¹⁵.
        (self.buffer, start, end) = (buffer, UInt32(range.lowerBound), UInt32(range.upperBound))
        (valueStart, nameLength) = (UInt32(shape.valueStart), UInt16(shape.nameLength))
        (known, physicalLine) = (shape.name, UInt32(truncatingIfNeeded: line))
    }

    /// `value` as it will stand in the file. What could end the line is left out, so nothing can be added to a file but
    /// this one property; BEGIN and END are no names of properties and get `X-` before them.
    public init(_ name: String, _ value: String, parameters: [Parameter] = []) {
        self.init(spelling: name, value: value.utf8.filter(ASCII.isText), parameters: parameters, line: 0)
    }

    /// A TEXT property; `text` is escaped.
    public init(_ name: String, text: String) { self.init(name, TextValue.escape(text)) }

    init(spelling: String, value: [UInt8], parameters: [Parameter], line: Int) {
        var name = Array(ASCII.name(spelling).prefix(1 << 15))
        var known = NameTable.shared.name(String(decoding: name, as: UTF8.self))
        if known == .begin || known == .end { (name, known) = (Array("X-".utf8) + name, .other) }
        // A value that a reader would take for the rest of a parameter stands behind quotes.
        let isOdd = LineRepair.valueStart(known, value[...]) != nil
        let header = name + parameters.flatMap { $0.encoded(quoted: isOdd) } + [ASCII.colon]
        let shape = LineShape(nameLength: name.count, valueStart: header.count, name: known)
        let bytes = header + value
        self.init(buffer: LineBuffer(bytes), range: 0..<bytes.count, shape: shape, line: line)
    }

    /// In upper case.
    public var name: String {
        known == .other ? spelling.uppercased() : known.spelling
    }

    /// The name in the case it came with.
    public var spelling: String { String(decoding: nameBytes, as: UTF8.self) }

    /// The line it was read from, counted from 1; 0 where it was not read.
    public var line: Int { Int(physicalLine) }

    /// As it stands in the file: TEXT values are still escaped.
    public var value: String {
        get { String(decoding: valueBytes, as: UTF8.self) }
        set {
            self = Property(
                spelling: spelling, value: newValue.utf8.filter(ASCII.isText), parameters: parameters, line: line)
        }
    }

    /// The value read as TEXT (RFC 5545 §3.3.11).
    public var text: String { TextValue.unescape(valueBytes) }

    public var parameters: [Parameter] {
        get {
            var found: [Parameter] = []
            var scanner = ParameterScanner(self)
            while let name = scanner.nextName() {
                found.append(Parameter(spelling: String(decoding: name, as: UTF8.self), scanner.values()))
            }
            return found
        }
        set { self = Property(spelling: spelling, value: Array(valueBytes), parameters: newValue, line: line) }
    }

    /// The first value of a parameter; `name` in any case.
    public func parameter(_ name: String) -> String? {
        guard Int(start) + Int(nameLength) + 1 < Int(valueStart) else { return nil }
        var scanner = ParameterScanner(self)
        while let found = scanner.nextName() {
            if agrees(found, name) { return scanner.values().first }
        }
        return nil
    }

    /// Whether this is its name, in any case.
    public func isNamed(_ name: String) -> Bool { agrees(nameBytes, name) }

    var bytes: ArraySlice<UInt8> { buffer.bytes[Int(start)..<Int(end)] }
    var nameBytes: ArraySlice<UInt8> { buffer.bytes[Int(start)..<Int(start) + Int(nameLength)] }
    var valueBytes: ArraySlice<UInt8> { buffer.bytes[Int(valueStart)..<Int(end)] }

    private func agrees(_ bytes: ArraySlice<UInt8>, _ name: String) -> Bool {
        let letters = name.utf8
        return bytes.count == letters.count
            && zip(bytes, letters).allSatisfy { ASCII.upper($0) == ASCII.upper($1) }
    }
}

extension Property: Hashable {
    /// Equal in meaning: names in any case, parameters however quoted or encoded, values byte by byte.
    public static func == (left: Property, right: Property) -> Bool {
        if left.bytes == right.bytes { return true }
        return left.valueBytes == right.valueBytes && left.name == right.name && left.parameters == right.parameters
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(valueBytes)
    }
}
