import CronofySigning
import Testing

@Suite("Signatures of notifications")
struct SignatureTests {
    static let body = Array(#"{"example":"well-known"}"#.utf8)

    @Test(
        "the documented values come out",
        arguments: [
            ("clientSecret", "QuGlxxssNDaxUjd6RY4wxGf+5KDrmobMmjkGQPtB3WQ="),
            ("pDY0Oi7TJSP2hfNmZNkm5", "6r2/HjBkqymGegX0wOfifieeUXbbHwtV/LohHS+jv6c="),
        ])
    func vectors(secret: String, value: String) {
        #expect(NotificationSignature.header(for: Self.body, secrets: [secret]) == value)
        #expect(NotificationSignature.isValid(value, body: Self.body, secrets: [secret]))
    }

    @Test("during a rotation every live secret signs, and one that fits is enough")
    func rotation() {
        let header = NotificationSignature.header(for: Self.body, secrets: ["new", "old"])
        #expect(header.split(separator: ",").count == 2)
        #expect(!header.contains(" "))
        #expect(NotificationSignature.isValid(header, body: Self.body, secrets: ["old"]))
        #expect(NotificationSignature.isValid(header, body: Self.body, secrets: ["new"]))
        #expect(!NotificationSignature.isValid(header, body: Self.body, secrets: ["older"]))
    }

    @Test("no body that differs in one bit verifies, by either scheme")
    func tampered() {
        let header = NotificationSignature.header(for: Self.body, secrets: ["s"])
        let standard = StandardWebhook.signature(id: "msg_1", timestamp: 1000, body: Self.body, secrets: ["s"])
        func verifies(_ body: [UInt8]) -> Bool {
            let outcome = Result { () throws(StandardWebhook.Fault) in
                try StandardWebhook.verify(
                    id: "msg_1", timestamp: "1000", signature: standard, body: body, secrets: ["s"], now: 1000)
            }
            if case .success = outcome { return true }
            return NotificationSignature.isValid(header, body: body, secrets: ["s"])
        }
        #expect(verifies(Self.body))
        for index in Self.body.indices {
            for bit in 0..<8 {
                var body = Self.body
                body[index] ^= 1 << UInt8(bit)
                #expect(!verifies(body))
            }
        }
        #expect(!verifies(Self.body + [32]))
        #expect(!verifies(Array(Self.body.dropLast())))
        #expect(!verifies([]))
    }

    @Test(
        "what is no signature is none",
        arguments: ["", ",", " ", "QuGlxxssNDaxUjd6RY4wxGf", String(repeating: "a,", count: 9999)])
    func malformed(header: String) {
        #expect(!NotificationSignature.isValid(header, body: Self.body, secrets: ["clientSecret"]))
        #expect(!NotificationSignature.isValid(nil, body: Self.body, secrets: ["clientSecret"]))
    }

    @Test("a message of another time or with another id is refused")
    func replayed() {
        let signature = StandardWebhook.signature(id: "msg_1", timestamp: 1000, body: Self.body, secrets: ["s"])
        func check(_ id: String?, _ time: String?, now: Int64) throws(StandardWebhook.Fault) {
            try StandardWebhook.verify(
                id: id, timestamp: time, signature: signature, body: Self.body, secrets: ["s"], now: now)
        }
        #expect(throws: Never.self) { try check("msg_1", "1000", now: 1300) }
        #expect(throws: StandardWebhook.Fault.outOfTime) { try check("msg_1", "1000", now: 1301) }
        #expect(throws: StandardWebhook.Fault.outOfTime) { try check("msg_1", "1000", now: .min) }
        #expect(throws: StandardWebhook.Fault.wrongSignature) { try check("msg_2", "1000", now: 1000) }
        #expect(throws: StandardWebhook.Fault.wrongSignature) { try check("msg_1", "1001", now: 1000) }
        #expect(throws: StandardWebhook.Fault.malformed) { try check(nil, "1000", now: 1000) }
        #expect(throws: StandardWebhook.Fault.malformed) { try check("msg_1", "soon", now: 1000) }
    }
}
