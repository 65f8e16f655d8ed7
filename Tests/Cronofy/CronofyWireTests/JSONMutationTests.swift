import CronofyWire
import Foundation
import Support
import Testing

private let rounds = ProcessInfo.processInfo.environment["ANCHORPOINT_PROVE"] == nil ? 20_000 : 1_000_000

@Suite("JSON from strangers (RFC 8259)")
struct JSONMutationTests {
    private static let body = Array(
        """
        {"event_id":"a-1","summary":"Caf\\u00e9 \\ud83d\\ude00 \\"x\\"","start":"2031-04-05T06:00:00Z","tzid":"Etc/UTC",
         "reminders":[{"minutes":15},{"minutes":-0}],"geo":{"lat":12.5,"long":-1e-3},"all":[true,false,null,[],{}],"n":9223372036854775807}
        """.utf8)

    private func written(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(value)
        return writer.bytes
    }

    @Test("whatever is done to a body, it is read as what it says or refused with the place")
    func mutations() throws {
        var (dice, refused) = (Dice(seed: 7), 0)
        for _ in 0..<rounds {
            let bytes = JSONMutation.of(Self.body, &dice)
            do {
                let value = try JSONValue(parsing: bytes)
                #expect(try JSONValue(parsing: written(value)) == value)
            } catch .unexpected(let offset, let wanted) {
                refused += 1
                #expect((0...bytes.count).contains(offset) && !wanted.isEmpty)
            } catch .tooDeep(let limit) {
                refused += 1
                #expect(limit == 64)
            }
        }
        // Both happen: a reader that takes all or nothing shows nothing here.
        #expect(refused > rounds / 2 && refused < rounds * 99 / 100)
    }

    @Test("beside Foundation's reader: what that refuses is refused, and the other way round")
    func differential() throws {
        var dice = Dice(seed: 11)
        for _ in 0..<(rounds / 10) {
            let bytes = JSONMutation.of(Self.body, &dice)
            let ours = (try? JSONValue(parsing: bytes)) != nil
            let theirs = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            // It differs on purpose: deeper than 64 is refused, half a surrogate pair is read as U+FFFD, and Foundation
            // guesses other encodings, takes a byte order mark and numbers that no Double holds.
            let text = String(decoding: bytes, as: UTF8.self)
            let isSpecial =
                text.contains("[[[[[[") || text.contains("{\"a\":{\"a\":") || text.contains("\\u")
                || text.contains("\u{FEFF}")
                || text.contains("\u{0}") || text.contains("999") || text.contains("e308")
                || String(validating: bytes, as: UTF8.self) == nil
            if !isSpecial { #expect(ours == theirs, "\(text)") }
        }
    }

    @Test(
        "what is not JSON is refused where it goes wrong",
        arguments: [
            ("01", 1), ("1.", 2), ("-", 0), ("1e", 2), (".5", 0), ("+1", 0), ("1e999", 0), ("\"\\u+123\"", 3),
            ("\"\\u12\"", 3), ("[1,]", 3), ("{\"a\":1,}", 7), ("nul", 0), ("\"a", 2), ("\"\u{1}\"", 1), ("{} {}", 3),
            ("", 0),
        ] as [(String, Int)])
    func refuses(text: String, offset: Int) {
        do {
            let value = try JSONValue(parsing: Array(text.utf8))
            Issue.record("\(text) was read as \(value)")
        } catch .unexpected(let found, _) {
            #expect(found == offset, "\(text)")
        } catch { Issue.record("\(error)") }
    }

    @Test(
        "half a surrogate pair is U+FFFD, and what follows it stays",
        arguments: [
            ("\\ud800", "\u{FFFD}"), ("\\ud800\\n", "\u{FFFD}\n"), ("\\udc00x", "\u{FFFD}x"),
            ("\\ud83d\\ude00", "\u{1F600}"), ("\\ud83d\\u0041", "\u{FFFD}"),
        ])
    func surrogates(escaped: String, text: String) throws {
        #expect(try JSONValue(parsing: Array("\"\(escaped)\"".utf8)) == .string(text))
    }

    @Test("a string that is not UTF-8 is refused")
    func notUTF8() {
        #expect(throws: JSONFault.unexpected(offset: 1, wanted: "a string in UTF-8")) {
            try JSONValue(parsing: [0x5b, 0x22, 0xff, 0x22, 0x5d])
        }
    }

    @Test(
        "ten times the size is ten times the work, not a hundred times",
        arguments: [
            { n in "[" + String(repeating: "1,", count: n) + "1]" },
            { n in "{" + (0..<n).map { "\"k\($0)\":1," }.joined() + "\"a\":1}" },
            { n in "\"" + String(repeating: "\\u0041", count: n) + "\"" },
            { n in String(repeating: " ", count: n * 4) + "1" + String(repeating: "0", count: 30) },
        ] as [@Sendable (Int) -> String])
    func linear(make: @Sendable (Int) -> String) throws {
        func cost(_ count: Int) throws -> Double {
            let bytes = Array(make(count).utf8)
            return try (0..<5).map { _ in
                let start = clock()
                _ = try JSONValue(parsing: bytes)
                return Double(clock() - start)
            }.min() ?? 0
        }
        let small = max(try cost(4_000), 100)
        #expect(try cost(40_000) / small < 40)
    }
}
