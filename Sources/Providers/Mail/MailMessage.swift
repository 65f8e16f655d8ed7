public import CivilTime
import Foundation

/// A message: text always, and a calendar beside it where the letter is about a date.
public struct MailMessage: Hashable, Sendable {
    /// The same at every try, so that a receiver that got it twice can tell.
    public let id: String
    public let from: MailSenderName
    public let to: MailAddress
    public let subject, text: String
    /// iCalendar text of method PUBLISH: what the reader may put into a calendar.
    public let calendar: String?
    public let date: Instant

    public init(
        id: String, from: MailSenderName, to: MailAddress, subject: String, text: String, calendar: String? = nil,
        date: Instant
    ) {
        (self.id, self.from, self.to, self.subject) = (id, from, to, subject)
        (self.text, self.calendar, self.date) = (text, calendar, date)
    }

    /// The message as it goes over the wire, with CRLF.
    public var bytes: [UInt8] {
        var lines = [
            "From: \(from.header)", "To: \(to)", "Subject: \(MailHeader.text(subject))",
            "Date: \(MailHeader.date(date))", "Message-ID: <\(token)@\(from.address.domain)>",
            // Nobody's absence answers it (RFC 3834 5), and filters can file it (RFC 2919).
            "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All",
            "List-Id: <letters.\(from.address.domain)>", "MIME-Version: 1.0",
        ]
        let plain = part("text/plain; charset=utf-8", text)
        if let calendar {
            let boundary = "part-\(token)"  // Holds "-", which base64 does not.
            lines.append("Content-Type: multipart/alternative; boundary=\"\(boundary)\"")
            lines.append("")
            for part in [plain, part("text/calendar; charset=utf-8; method=PUBLISH", calendar)] {
                lines += ["--\(boundary)"] + part
            }
            lines.append("--\(boundary)--")
        } else {
            lines += plain
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    private var token: String {
        String(id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }.prefix(40))
    }

    private func part(_ type: String, _ text: String) -> [String] {
        let crlf = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
        }.joined(separator: "\r\n")
        let encoded = Data(crlf.utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
        return ["Content-Type: \(type)", "Content-Transfer-Encoding: base64", "", encoded]
    }
}

/// Who letters come from, as in `Redrock Rivers <office@redrock.example>` or an address alone.
public struct MailSenderName: Hashable, Sendable {
    public let name: String?
    public let address: MailAddress

    /// Nil where `text` holds no address.
    public init?(_ text: String) {
        guard let open = text.lastIndex(of: "<"), text.hasSuffix(">") else {
            guard let address = MailAddress(text) else { return nil }
            (name, self.address) = (nil, address)
            return
        }
        let words = text[..<open].split(separator: " ").joined(separator: " ")
        guard let address = MailAddress(String(text[text.index(after: open)...].dropLast())) else { return nil }
        (name, self.address) = (words.isEmpty ? nil : words, address)
    }

    /// The name always as an encoded or quoted word, so that nothing in it is read as an address.
    var header: String {
        guard let name else { return address.description }
        let text = MailHeader.text(name)
        guard !text.hasPrefix("=?") else { return "\(text) <\(address)>" }
        return "\"\(text.filter { $0 != "\"" && $0 != "\\" })\" <\(address)>"
    }
}
