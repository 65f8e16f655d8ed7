import Accounts
import CivilTime
import CronofyWire
import Events

/// Where a further page begins, as a path part: the query, when it was asked, and the position, sealed for the account and
/// application that asked. Nothing is kept here, so pages survive a restart and work on every server that has the key.
struct PageToken {
    /// The query string as it was sent.
    let query: String
    /// When the first page was asked for: bounds that follow the clock stay where they were then.
    let askedAt: Instant
    let number: Int
    /// Records of the whole read, as of its first page.
    let total: Int
    /// The sort key of the last record before the page, in the list's own parts; no part holds a line break.
    let key: [String]

    private static let life: Int64 = 86_400

    func sealed(for call: APICall) throws -> String {
        let text = ([String(askedAt.seconds), String(number), String(total), String(key.count)] + key + [query])
            .joined(separator: "\n")
        return Self.encode(call.services.accounts.key.seal(Secret(text), for: try Self.purpose(call)))
    }

    /// Nil for a token that is not ours, not this caller's, or over its day.
    init?(_ text: String, call: APICall) throws {
        guard let bytes = Self.decode(text) else { return nil }
        let opened: Secret
        do { opened = try call.services.accounts.key.open(bytes, for: try Self.purpose(call)) } catch is SealingKey
            .OpenError
        {
            return nil
        }
        let parts = opened.reveal().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let most = 1 << 40
        guard parts.count >= 5, let askedAt = Int64(parts[0], in: 0...Int64(most)),
            call.services.now().seconds - askedAt < Self.life,
            let number = Int(parts[1], in: 0...most), let total = Int(parts[2], in: 0...most),
            let count = Int(parts[3], in: 0...16), count == parts.count - 5
        else { return nil }
        (self.askedAt, self.number, self.total) = (Instant(seconds: askedAt), number, total)
        (key, query) = (Array(parts[4..<4 + count]), parts[4 + count])
    }

    init(query: String, askedAt: Instant, number: Int, total: Int, key: [String]) {
        (self.query, self.askedAt, self.number, self.total, self.key) = (query, askedAt, number, total, key)
    }

    /// The page's path part in a list's own route; 404 for a token that is not ours.
    static func opened(in call: APICall) throws -> PageToken {
        guard let token = try PageToken(call.parameter("token"), call: call) else { throw APIError.notFound }
        return token
    }

    /// The key of a list of events.
    var eventProgress: EventProgress? {
        // Sealed by us, and only compared with.
        let parts = key.compactMap { Int64($0) }
        guard parts.count == 3, parts.count == key.count else { return nil }
        return EventProgress(
            after: EventPosition(start: parts[0], item: parts[1], recurrence: parts[2]), total: total)
    }

    private static func purpose(_ call: APICall) throws -> String {
        "\(Purpose.pageToken) \(try call.account.value) \(call.caller.client.value)"
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// base64url without padding (RFC 4648 §5).
    private static func encode(_ bytes: [UInt8]) -> String {
        var (text, buffer, bits) = ([UInt8](), UInt32(0), 0)
        for byte in bytes {
            // Shifts drop what does not fit; never more than 14 bits wait.
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> bits & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func decode(_ text: String) -> [UInt8]? {
        var (bytes, buffer, bits) = ([UInt8](), UInt32(0), 0)
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            // Shifts drop what does not fit; never more than 14 bits wait.
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        return bytes
    }
}
