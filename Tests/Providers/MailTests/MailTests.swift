import CivilTime
import Foundation
import Support
import Testing

@testable import Mail

@Suite("Letters to a mail server")
struct MailTests {
    private static let from = MailSenderName("Redrock Rivers <office@redrock.example>")

    private func sender(_ sink: MailSink, _ url: String? = nil) throws -> MailSender {
        MailSender(
            server: try MailServer(url ?? "smtp://127.0.0.1:\(sink.port)"), from: try #require(Self.from))
    }

    private func send(
        _ sender: MailSender, to: String, subject: String = "Subject", text: String = "Hello\n.\nthere\n",
        calendar: String? = nil
    ) async throws -> MailOutcome {
        await sender.send(
            id: "ltr_1", to: try #require(MailAddress(to)), subject: subject, text: text, calendar: calendar,
            date: Instant(seconds: 1_800_000_000))
    }

    @Test("a letter arrives as it was written, with what tells machines that a machine wrote it")
    func arrives() async throws {
        let sink = try MailSink()
        defer { sink.stop() }
        #expect(try await send(try sender(sink), to: "gina@example.com", subject: "Größe über 東京") == .taken)
        let message = try #require(try sink.messages.first)
        for line in [
            "From: \"Redrock Rivers\" <office@redrock.example>", "To: gina@example.com",
            "Date: Fri, 15 Jan 2027 08:00:00 +0000", "Message-ID: <ltr_1@redrock.example>",
            "Auto-Submitted: auto-generated", "List-Id: <letters.redrock.example>",
            "Content-Type: text/plain; charset=utf-8",
        ] { #expect(message.contains("\(line)\r\n"), "\(line)") }
        #expect(message.contains("Subject: =?UTF-8?B?" + Data("Größe über 東京".utf8).base64EncodedString() + "?="))
        #expect(message.contains(Data("Hello\r\n.\r\nthere\r\n".utf8).base64EncodedString()))
    }

    @Test("where it is about a date, the date is beside the text")
    func calendar() async throws {
        let sink = try MailSink()
        defer { sink.stop() }
        #expect(try await send(try sender(sink), to: "gina@example.com", calendar: "BEGIN:VCALENDAR\r\n") == .taken)
        let message = try #require(try sink.messages.first)
        #expect(message.contains("multipart/alternative"))
        let text = try #require(message.range(of: "text/plain"))
        let calendar = message.range(of: "text/calendar")
        #expect(calendar.map { text.lowerBound < $0.lowerBound } == true)
    }

    @Test(
        "4xx and broken connections are tried again, 5xx is not",
        arguments: ["busy", "never", "full", "drop", "drop-late"])
    func difficult(name: String) async throws {
        let sink = try MailSink()
        defer { sink.stop() }
        let outcome = try await send(try sender(sink), to: name + "@example.com")
        switch name {
        case "busy": #expect(outcome == .later("451 4.3.0 try again in a minute"))
        case "never": #expect(outcome == .refused("550 5.1.1 no such mailbox here"))
        case "full": #expect(outcome == .refused("552 5.2.2 the mailbox is full"))
        default:
            guard case .later = outcome else {
                Issue.record("\(name): \(outcome)")
                return
            }
        }
        #expect(try sink.messages.isEmpty)
        #expect(try sink.tries(to: name + "@example.com") == 1)
    }

    @Test("nobody there is a reason to try again, and to tell")
    func nobody() async throws {
        let sender = MailSender(
            server: try MailServer("smtp://127.0.0.1:\(Loopback.freePort())"), from: try #require(Self.from))
        #expect(try await send(sender, to: "gina@example.com") == .later("the mail server does not answer"))
        #expect(await sender.probe() == .later("the mail server does not answer"))
    }

    @Test("STARTTLS is demanded: a server without it, or with a certificate nobody knows, gets nothing")
    func tls() async throws {
        let (plain, secure) = (try MailSink(), try MailSink(.startTLS))
        defer { plain.stop() }
        defer { secure.stop() }
        let file = secure.certificateFile
        #expect(
            try await send(try sender(secure, "smtp://127.0.0.1:\(secure.port)?ca=\(file)"), to: "a@example.com")
                == .taken)
        let stranger = try sender(secure, "smtp://127.0.0.1:\(secure.port)?ca=/etc/ssl/certs/ca-certificates.crt")
        #expect(
            try await send(stranger, to: "a@example.com")
                == .later("the mail server's certificate is not trusted, or TLS failed"))
        #expect(
            try await send(try sender(plain, "smtp://127.0.0.1:\(plain.port)?ca=\(file)"), to: "a@example.com")
                == .later("the mail server offers no TLS"))
        #expect(try plain.messages.isEmpty)
    }

    @Test("a password is said over TLS; a wrong one is no fault of the letter")
    func login() async throws {
        let sink = try MailSink(.signedIn)
        defer { sink.stop() }
        let place = "@127.0.0.1:\(sink.port)?ca=\(sink.certificateFile)"
        let good = try sender(sink, "smtp://anchor:p%40ss%20word" + place)
        #expect(await good.probe() == .taken)
        #expect(try await send(good, to: "a@example.com") == .taken)
        let bad = try sender(sink, "smtp://anchor:wrong" + place)
        let denied = MailOutcome.later("the mail server refuses the user name or password")
        #expect(await bad.probe() == denied)
        #expect(try await send(bad, to: "a@example.com") == denied)
        #expect(try sink.messages.count == 1)
    }

    @Test("no text begins a header of its own; the control does without the guard")
    func injection() throws {
        let evil = "Hi\r\nBcc: all@example.com\u{2028}X: y"
        let message = MailMessage(
            id: "ltr_1\r\nX: y", from: try #require(Self.from), to: try #require(MailAddress("a@b.example")),
            subject: evil, text: "Bcc: in the text is text", date: Instant(seconds: 0))
        let text = String(decoding: message.bytes, as: UTF8.self)
        let head = try #require(text.components(separatedBy: "\r\n\r\n").first)
        let names = head.components(separatedBy: "\r\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
        #expect(Set(names).count == names.count && !names.contains("Bcc") && !names.contains("X"))
        #expect("Subject: \(evil)".components(separatedBy: "\r\n").contains { $0.hasPrefix("Bcc") })
        for bad in [
            "a@b\r\nRCPT TO:<c@d>", "a b@c", "a@", "@b", "a@b@c", "<a@b>", "a@b>", "-a@b", "ä@b.example",
            "a@" + String(repeating: "b", count: 300),
        ] { #expect(MailAddress(bad) == nil, "\(bad)") }
    }

    @Test("long subjects are folded, on whole characters, and read back as they were")
    func folding() throws {
        for subject in [
            String(repeating: "Канатная дорога ", count: 40), String(repeating: "👩‍👩‍👧‍👦", count: 50), "=?UTF-8?B?x?=",
            String(repeating: "a", count: 500),
        ] {
            let lines = MailHeader.text(subject).components(separatedBy: "\r\n ")
            #expect(lines.allSatisfy { $0.utf8.count <= 75 })
            let bytes = lines.flatMap { line -> [UInt8] in
                Array(Data(base64Encoded: String(line.dropFirst(10).dropLast(2))) ?? Data())
            }
            #expect(String(decoding: bytes, as: UTF8.self) == subject)
        }
    }

    @Test("settings that cannot be are told in words, without the password")
    func settings() {
        for (text, word) in [
            ("http://mail.example", "smtps://"), ("smtp://user:geheim@mail.example?tls=none", "TLS"),
            ("smtps://mail.example:0", "port"), ("smtps://mail.example?x=1", "tls=none"),
            ("smtps://geheim@mail.example", "user:password"), ("smtps://", "name"), ("smtps://a b", "name"),
        ] {
            #expect {
                _ = try MailServer(text)
            } throws: {
                let sentence = ($0 as? MailServer.Problem)?.sentence ?? ""
                return sentence.contains(word) && !sentence.contains("geheim")
            }
        }
    }
}
