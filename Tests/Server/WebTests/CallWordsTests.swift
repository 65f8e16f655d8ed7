import Foundation
import Testing

@testable import Web

@Suite("A tried call as one types it elsewhere")
struct CallWordsTests {
    @Test("a shell and Python read back exactly what was sent; the credential is not written out")
    func readBack() throws {
        let body = #"{"a": "it's \"so\" é $(x) `y`\n\\"}"# + "\n\t"
        let words = CallWords(
            TriedCall(method: .post, path: "/v1/x?a=%27b&c=d", body: body, takesKey: true), at: "http://127.0.0.1:1")
        #expect(words.curl.contains("$CLIENT_SECRET") && !words.curl.contains("ACCESS_TOKEN"))
        // The same words with another program in front show what it would be given.
        let shell = words.curl.replacing("curl ", with: "printf '%s\\0' ")
        let given = try Self.run("/bin/sh", ["-c", shell]).split(separator: "\0").map(String.init)
        #expect(given.contains("http://127.0.0.1:1/v1/x?a=%27b&c=d") && given.contains(body))
        let literal = try #require(words.python.firstRange(of: "data=")).upperBound
        let code = words.python[literal...].prefix { $0 != "\n" }.dropLast()
        let bytes = try Self.run("/usr/bin/python3", ["-c", "import sys; sys.stdout.buffer.write(\(code))"])
        #expect(bytes == body)
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        (process.arguments, process.standardOutput) = (arguments, pipe)
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
