import Testing

@testable import GuardedHTTP

@Suite("Service records (RFC 1035, RFC 2782)")
struct DNSAnswerTests {
    /// One question, `answers` after it, all about `_caldavs._tcp.ex.org`.
    private func message(_ answers: [(kind: UInt8, data: [UInt8])]) -> [UInt8] {
        let name: [UInt8] =
            [8] + Array("_caldavs".utf8) + [4] + Array("_tcp".utf8) + [2] + Array("ex".utf8) + [3] + Array("org".utf8)
            + [0]
        let head: [UInt8] = [0, 1, 0x81, 0x80, 0, 1, 0, UInt8(answers.count), 0, 0, 0, 0]
        let records = answers.map { answer -> [UInt8] in
            [0xC0, 12, 0, answer.kind, 0, 1, 0, 0, 1, 0, 0, UInt8(answer.data.count)] + answer.data
        }
        return head + name + [0, 33, 0, 1] + records.joined()
    }

    /// Points back to `ex.org` in the question.
    private let host: [UInt8] = [3] + Array("dav".utf8) + [0xC0, 26]

    @Test("are read, with compressed names and texts")
    func reads() throws {
        let service: [UInt8] = [0, 10, 0, 5, 0x20, 0xFB] + host
        let answer = DNSAnswer(message([(33, service), (1, [1, 2, 3, 4]), (16, [9] + Array("path=/dav".utf8))]))
        let record = try #require(answer.records.first.flatMap(ServiceRecordData.init))
        #expect(record.host == "dav.ex.org" && record.port == 8443 && record.priority == 10 && record.weight == 5)
        #expect(answer.records.flatMap(\.strings) == ["path=/dav"])
    }

    @Test("the root as target says that there is no service")
    func noService() throws {
        let record = try #require(
            DNSAnswer(message([(33, [0, 0, 0, 0, 0, 0, 0])])).records.first.flatMap(ServiceRecordData.init))
        #expect(record.host.isEmpty)
    }

    @Test("names that point to themselves or forwards end the reading")
    func loops() {
        for pointer in [[0xC0, 60], [0xC0, 212], [0xC0, 58]] as [[UInt8]] {
            let answer = DNSAnswer(message([(33, [0, 0, 0, 0, 0, 1] + pointer)]))
            for record in answer.records { _ = ServiceRecordData(record) }
        }
        let own = message([(33, [0, 0, 0, 0, 0, 1, 0xC0, 0])])
        let position = own.count - 2
        var looping = own
        looping[position + 1] = UInt8(position)
        #expect(DNSAnswer(looping).records.compactMap(ServiceRecordData.init).isEmpty)
    }

    @Test("every cut and every flipped byte is survived")
    func damage() {
        let whole = message([(33, [0, 10, 0, 5, 0x20, 0xFB] + host), (16, [9] + Array("path=/dav".utf8))])
        for length in 0..<whole.count { use(Array(whole.prefix(length))) }
        for position in whole.indices {
            for value in [UInt8(0), 0x3F, 0xC0, 0xFF] {
                var changed = whole
                changed[position] = value
                use(changed)
            }
        }
    }

    private func use(_ message: [UInt8]) {
        for record in DNSAnswer(message).records { _ = (ServiceRecordData(record), record.strings) }
    }
}
