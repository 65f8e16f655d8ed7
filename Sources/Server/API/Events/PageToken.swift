import Accounts
import CivilTime
import CronofyWire
import Events

/// Where a further page begins, as a path part: the query and the position, sealed for the account and application that
/// asked. Nothing is kept here, so pages survive a restart and work on every server that has the key.
struct PageToken {
    /// The query string as it was sent.
    let query: String
    let number: Int
    let position: EventPosition

    private static let life: Int64 = 86_400

    func sealed(for call: APICall) throws -> String {
        let expiry = call.services.now().seconds + Self.life
        let text = [
            String(expiry), String(number), String(position.start), String(position.item), String(position.recurrence),
            query,
        ].joined(separator: "\n")
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
        let parts = opened.reveal().split(separator: "\n", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, let expiry = Int64(parts[0]), expiry > call.services.now().seconds,
            let number = Int(parts[1]), let start = Int64(parts[2]), let item = Int64(parts[3]),
            let recurrence = Int64(parts[4])
        else { return nil }
        (query, self.number) = (String(parts[5]), number)
        position = EventPosition(start: start, item: item, recurrence: recurrence)
    }

    init(query: String, number: Int, position: EventPosition) {
        (self.query, self.number, self.position) = (query, number, position)
    }

    private static func purpose(_ call: APICall) throws -> String {
        "\(Purpose.pageToken) \(try call.account.value) \(call.caller.client.value)"
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// base64url without padding (RFC 4648 §5).
    private static func encode(_ bytes: [UInt8]) -> String {
        var (text, buffer, bits) = ([UInt8](), UInt32(0), 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func decode(_ text: String) -> [UInt8]? {
        var (bytes, buffer, bits) = ([UInt8](), UInt32(0), 0)
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bytes
    }
}
