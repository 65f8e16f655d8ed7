import Foundation
import Support
import Testing

/// How numbers may come in from outside, on the modules that read what strangers wrote. What is computed with plain
/// `+`, `-` and `*` there cannot trap, because every number that came from text was given a range when it was read, and
/// no number is narrowed without saying why it fits.
enum NumberRule: String, CaseIterable {
    /// `Int(text)`, `Int64.init` and the like: `Int(text, in: range)` says how large it may be. Whoever compares only,
    /// or must tell what was found, says so beside it.
    case textWithoutRange = "a number read from text without a range"
    /// `Int32(x)` traps where x does not fit: `exactly:`, `clamping:`, `truncatingIfNeeded:`, or the bound in words.
    case narrowing = "a number narrowed without its bound"
    /// A whole number of JSON may be as large as Int64 goes: `Fields.integer(in:)`, or a range on the line.
    case wildJSON = "a number of JSON without a range"

    func catches(_ line: String) -> Bool {
        switch self {
        case .textWithoutRange: Self.wide.contains { Self.readsText($0, line) } && !Self.isBounded(line)
        case .narrowing: Self.narrow.contains { Self.isNarrowed($0, line) }
        case .wildJSON: line.contains(".integer(let") && !Self.isBounded(line)
        }
    }

    private static let wide = ["Int", "Int64", "UInt64", "UInt"]
    private static let narrow = ["Int8", "Int16", "Int32", "UInt8", "UInt16", "UInt32"]
    private static let labels = [
        "exactly:", "clamping:", "truncatingIfNeeded:", "ascii:", "bitPattern:", "littleEndian:", "bigEndian:", "0)",
        "1)",
        // Text that does not fit gives nil.
        "String(",
    ]

    private static func isBounded(_ line: String) -> Bool { line.contains("in: ") || line.contains(".contains(") }

    /// Where a failable initialiser shows: given to `flatMap`, unwrapped, replaced by a default, or with a radix.
    private static func readsText(_ type: String, _ line: String) -> Bool {
        if ["flatMap(\(type).init", "compactMap(\(type).init", "flatMap { \(type)($0", "compactMap { \(type)($0"]
            .contains(
                where: line.contains)
        {
            return true
        }
        guard let call = unlabelled(type, line).first else { return false }
        let trimmed = line.trimmingCharacters(in: .whitespaces)
        let isUnwrapped =
            ["guard ", "if ", "while ", "let "].contains(where: trimmed.hasPrefix) && line[..<call].hasSuffix(" = ")
            && (trimmed.hasSuffix(",") || trimmed.hasSuffix("{") || !trimmed.hasPrefix("let "))
        return isUnwrapped || line[call...].contains(") ??") || line[call...].contains("radix:")
    }

    private static func isNarrowed(_ type: String, _ line: String) -> Bool { !unlabelled(type, line).isEmpty }

    /// Calls of `type(` that say nothing of how the number is made to fit.
    private static func unlabelled(_ type: String, _ line: String) -> [String.Index] {
        calls(of: type, in: line).filter { call in
            let argument = line[call...].dropFirst(type.count + 1)
            return !labels.contains(where: argument.hasPrefix)
        }
    }

    /// Where `type(` begins as a word of its own.
    private static func calls(of type: String, in line: String) -> [String.Index] {
        var (found, rest) = ([String.Index](), line[...])
        while let range = rest.range(of: type + "(") {
            let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
            if !(before.isLetter || before.isNumber || before == "_" || before == ".") {
                found.append(range.lowerBound)
            }
            rest = rest[range.upperBound...]
        }
        return found
    }
}

@Suite("Numbers from outside")
struct NumberLintTests {
    /// CivilTime and Recurrence compute with what these have bounded; years go from 1 to 9999.
    static let readers = [
        "Sources/Calendar/ICalendar", "Sources/Cronofy", "Sources/Providers", "Sources/Server/API",
        "Sources/Server/Web",
    ]
    /// JSON's own reading and writing keeps every number there is.
    private static let jsonItself = ["Sources/Cronofy/CronofyWire/", "Sources/Server/API/OpenAPI/"]

    @Test("every number that is read has a range, or a reason beside it", arguments: readers)
    func rules(folder: String) throws {
        let files = try SourceFile.all(under: folder)
        #expect(!files.isEmpty)
        for file in files {
            for (line, code) in file.code.enumerated() where !file.isExplained(line) {
                for rule in NumberRule.allCases where rule.catches(code) {
                    guard rule != .wildJSON || !Self.jsonItself.contains(where: file.path.hasPrefix) else { continue }
                    Issue.record("\(file.path):\(line + 1) \(rule.rawValue)")
                }
            }
        }
    }

    @Test(
        "what a rule is for is caught, and what is right is let through",
        arguments: [
            (
                .textWithoutRange, "guard let page = Int(text) else { return nil }",
                "guard let page = Int(text, in: 0...9) else {"
            ),
            (
                .textWithoutRange, "let page = query.flatMap(Int.init) ?? 0",
                "let page = query.flatMap { Int($0, in: 0...9) } ?? 0"
            ),
            (.textWithoutRange, "if parts.count == 2, let n = Int64(parts[1]) {", "let wide = Int64(narrow)"),
            (.textWithoutRange, "let value = Int(text, radix: 16)", "let value = Int(text, in: 0...255, radix: 16)"),
            (.textWithoutRange, "parts.compactMap { Int64($0) }", "parts.map { Int64($0) }"),
            (.textWithoutRange, "return Int(text) ?? 0", "guard let n = Int(text), (0...9).contains(n) else {"),
            (.narrowing, "let port = UInt16(number)", "let port = UInt16(exactly: number)"),
            (.narrowing, "day += Int32(days)", "let byte = UInt8(ascii: \"x\")"),
            (
                .wildJSON, "case .integer(let number): return number",
                "case .integer(let number) where (1...9).contains(number):"
            ),
        ] as [(NumberRule, String, String)])
    func controls(rule: NumberRule, wrong: String, right: String) {
        let code = SourceFile(path: "control", text: wrong + "\n\n\n\n\n" + right).code
        #expect(rule.catches(code[0]))
        #expect(!rule.catches(code[5]))
    }
}
