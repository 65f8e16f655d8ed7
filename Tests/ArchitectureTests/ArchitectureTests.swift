import Foundation
import Support
import Testing

/// A Swift file with comments and string literals blanked, line by line; `comments` says which lines have a comment.
struct SourceFile {
    let path: String
    let code: [String]
    let hasComment: [Bool]

    init(path: String, text: String) {
        self.path = path
        var (code, comments) = ([String](), [Bool]())
        var isBlock = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let quotes = line.components(separatedBy: "\"\"\"").count - 1
            if isBlock || quotes > 0 {
                code.append(isBlock ? "" : line.components(separatedBy: "\"\"\"")[0])
                comments.append(false)
                if quotes % 2 == 1 { isBlock.toggle() }
                continue
            }
            var (kept, isText, previous, comment) = ("", false, Character(" "), false)
            for character in line {
                if isText {
                    if character == "\"" && previous != "\\" { isText = false }
                    previous = previous == "\\" && character == "\\" ? " " : character
                    continue
                }
                if character == "\"" {
                    isText = true
                } else if character == "/" && previous == "/" {
                    comment = true
                    kept.removeLast()
                    break
                } else {
                    kept.append(character)
                }
                previous = character
            }
            code.append(kept)
            comments.append(comment)
        }
        (self.code, hasComment) = (code, comments)
    }

    /// Whether the line, the one before or the one after carries a comment.
    func isExplained(_ line: Int) -> Bool {
        // A comment may stand above a statement of several lines.
        (max(0, line - 3)...min(code.count - 1, line + 1)).contains { hasComment[$0] }
    }

    static func all(under folder: String) throws -> [SourceFile] {
        let root = PostgresServer.root + "/" + folder
        guard let names = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] else { return [] }
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map {
            SourceFile(path: "\(folder)/\($0)", text: try String(contentsOfFile: root + "/" + $0, encoding: .utf8))
        }
    }
}

/// A rule of the lint: what is looked for, and whether a comment beside it makes it good.
struct LintRule {
    let name: String
    let words: [String]
    let isGoodWithComment: Bool
    /// A line that must be caught.
    let control: String

    func hits(in file: SourceFile) -> [String] {
        file.code.indices.filter { line in
            words.contains { Self.contains($0, in: file.code[line]) } && !(isGoodWithComment && file.isExplained(line))
        }.map { "\(file.path):\($0 + 1) \(name)" }
    }

    /// `word` as a word of its own: `Calendar(` is not found in `emptyCalendar(`.
    private static func contains(_ word: String, in line: String) -> Bool {
        var rest = line[...]
        while let range = rest.range(of: word) {
            let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
            if !(before.isLetter || before.isNumber || before == "_") || word.first?.isLetter != true { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    static let all = [
        LintRule(
            name: "regular expressions", words: ["NSRegularExpression", "Regex(", "try Regex", "#/", ".firstMatch(of"],
            isGoodWithComment: false, control: "let r = try Regex(text)"),
        LintRule(
            name: "traps on failure", words: ["try!", "as!", "fatalError(", "preconditionFailure(", "precondition("],
            isGoodWithComment: true, control: "let x = try! read()"),
        LintRule(name: "swallowed errors", words: ["try?"], isGoodWithComment: true, control: "let x = try? read()"),
        LintRule(
            name: "Foundation's XML", words: ["XMLDocument", "XMLParser("], isGoodWithComment: false,
            control: "let d = try XMLDocument(data: data)"),
        LintRule(
            name: "Foundation's zones and formatters",
            words: [
                "TimeZone(", "TimeZone.", "DateFormatter(", "ISO8601DateFormatter(", "Calendar.current", "Calendar(",
            ], isGoodWithComment: false, control: "let z = TimeZone(identifier: name)"),
        LintRule(
            name: "wrapping arithmetic", words: ["&+", "&-", "&*"], isGoodWithComment: true, control: "let sum = a &+ b"
        ),
        LintRule(
            name: "unchecked promises", words: ["@unchecked Sendable", "nonisolated(unsafe)"], isGoodWithComment: true,
            control: "final class A: @unchecked Sendable {}"),
    ]
}

@Suite("Architecture and source lint")
struct ArchitectureTests {
    /// Every path fed from outside.
    static let guarded = [
        "Sources/Calendar", "Sources/Availability", "Sources/Cronofy", "Sources/Providers", "Sources/Sandbox",
        "Sources/Storage", "Sources/Platform", "Sources/Guides", "Sources/Server",
    ]

    @Test("paths fed from outside keep to the rules", arguments: guarded)
    func lint(folder: String) throws {
        let files = try SourceFile.all(under: folder)
        #expect(!files.isEmpty)
        let hits = files.flatMap { file in LintRule.all.flatMap { $0.hits(in: file) } }
        #expect(hits.isEmpty, "\(hits.joined(separator: "\n"))")
    }

    @Test("no value is unwrapped by force without a reason", arguments: guarded)
    func forceUnwraps(folder: String) throws {
        let hits = try SourceFile.all(under: folder).flatMap(Self.forceUnwraps)
        #expect(hits.isEmpty, "\(hits.joined(separator: "\n"))")
    }

    /// `!` after a name, a bracket or a parenthesis, and not before `=`.
    private static func forceUnwraps(_ file: SourceFile) -> [String] {
        file.code.indices.filter { line in
            let characters = Array(file.code[line])
            let isForced = characters.indices.contains { index in
                guard characters[index] == "!", index > 0 else { return false }
                let (before, after) = (
                    characters[index - 1], index + 1 < characters.count ? characters[index + 1] : " "
                )
                return (before.isLetter || before.isNumber || before == ")" || before == "]") && after != "="
            }
            return isForced && !file.isExplained(line)
        }.map { "\(file.path):\($0 + 1) force unwrap" }
    }

    @Test("every rule catches what it is for", arguments: LintRule.all.indices)
    func controls(index: Int) {
        let rule = LintRule.all[index]
        #expect(!rule.hits(in: SourceFile(path: "control", text: rule.control)).isEmpty)
        #expect(
            rule.hits(in: SourceFile(path: "control", text: "let text = \"\(rule.words[0])\" // \(rule.words[0])"))
                .isEmpty)
        #expect(!Self.forceUnwraps(SourceFile(path: "control", text: "let x = value!.count")).isEmpty)
    }

    /// Layers from the bottom up; a file imports modules of its own layer or lower ones only.
    static let layers = [
        "Calendar", "Availability", "Cronofy", "Providers", "Sandbox", "Storage", "Platform", "Guides", "Server",
        "Commands",
    ]

    @Test("imports go down only")
    func arrows() throws {
        var layerOf: [String: Int] = [:]
        for (level, layer) in Self.layers.enumerated() {
            let folder = PostgresServer.root + "/Sources/" + layer
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where !name.hasSuffix(".swift") {
                layerOf[name] = level
            }
            if try FileManager.default.contentsOfDirectory(atPath: folder).contains(where: { $0.hasSuffix(".swift") }) {
                layerOf[layer] = level
            }
        }
        #expect(layerOf.count > 15)
        for (level, layer) in Self.layers.enumerated() {
            for file in try SourceFile.all(under: "Sources/" + layer) {
                for module in Self.imports(of: file) {
                    #expect((layerOf[module] ?? 0) <= level, "\(file.path) imports \(module)")
                }
            }
        }
    }

    static let onlyIn = [
        "GRDB": ["Sources/Storage/SQLite"], "CLibpq": ["Sources/Storage/PostgreSQL"],
        "CCurl": ["Sources/Providers/GuardedHTTP", "Sources/Providers/Mail"],
        "CXML2": ["Sources/Providers/CalDAV"],
        "COpenSSL": [
            "Sources/System/Sealing", "Sources/Providers/Google", "Sources/Providers/ICSFeed",
            "Sources/Cronofy/CronofySigning",
        ],
        "Mustache": ["Sources/Server/Web"],
    ]

    @Test("each library is met in one place", arguments: onlyIn.keys.sorted())
    func oneplace(module: String) throws {
        let places = Self.onlyIn[module] ?? []
        let users = try SourceFile.all(under: "Sources").filter { Self.imports(of: $0).contains(module) }
        #expect(users.allSatisfy { file in places.contains { file.path.hasPrefix($0) } }, "\(users.map(\.path))")
    }

    @Test("the application of guide services reaches calendars through the client alone")
    func seam() throws {
        let platform = try FileManager.default.contentsOfDirectory(atPath: PostgresServer.root + "/Sources/Platform")
        let providers = try FileManager.default.contentsOfDirectory(atPath: PostgresServer.root + "/Sources/Providers")
        for file in try SourceFile.all(under: "Sources/Guides") {
            let met = Self.imports(of: file).intersection(platform + providers)
            #expect(met.isEmpty, "\(file.path) imports \(met)")
        }
    }

    @Test(
        "the platform names no provider",
        arguments: ["Sources/Platform", "Sources/Availability", "Sources/Calendar", "Sources/Cronofy"])
    func neutral(folder: String) throws {
        for file in try SourceFile.all(under: folder) {
            let hits = file.code.filter { line in
                ["CalDAV", "iCloud", "Google", "Graph", "ICSFeed"].contains { line.contains($0) }
            }
            #expect(hits.isEmpty, "\(file.path): \(hits)")
        }
    }

    private static func imports(of file: SourceFile) -> Set<String> {
        Set(
            file.code.compactMap { line in
                let words = line.split(separator: " ")
                guard let index = words.firstIndex(of: "import"), index + 1 < words.count, index <= 1 else {
                    return nil
                }
                return String(words[index + 1])
            })
    }
}
