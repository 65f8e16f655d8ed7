import CronofyWire

/// What of a body a developer needs to see where it went wrong: names, ids, times, numbers, and words the API itself
/// defines. Texts that people wrote, addresses and secrets become `•••`.
enum BodyMask {
    /// Members whose texts are kept.
    private static let kept: Set<String> = [
        "account_id", "sub", "calendar_id", "calendar_ids", "event_id", "event_uid", "channel_id", "profile_id",
        "application_calendar_id", "only_managed", "start", "end", "from", "to", "time", "tzid", "last_modified",
        "changes_since", "created", "updated", "status", "participation_status", "transparency", "method", "type",
        "key", "description_of_error", "error", "required", "response_format", "include_managed", "include_deleted",
        "include_moved", "localized_times", "grant_type", "scope", "token_type", "free_busy_status", "weekday",
        "start_time", "end_time", "availability_rule_id", "available_period_id", "provider_name", "permission_level",
    ]
    /// Deepest level shown; below it everything is `•••`.
    private static let deepest = 12

    /// `value` masked, as JSON; where that takes more than `most` bytes only that it does.
    static func text(_ value: JSONValue, most: Int) -> String {
        guard value != .object([:]) else { return "" }
        var writer = JSONWriter()
        write(value, keepsText: false, depth: 0, most: most, to: &writer)
        return writer.bytes.count <= most ? writer.text : "(more than \(most) bytes)"
    }

    /// Bytes that are JSON, masked; anything else only by its size.
    static func text(_ bytes: [UInt8], most: Int) -> String {
        guard !bytes.isEmpty else { return "" }
        guard bytes.count <= most else { return "(\(bytes.count) bytes)" }
        do { return text(try JSONValue(parsing: bytes), most: most) } catch { return "(\(bytes.count) bytes)" }
    }

    private static func write(
        _ value: JSONValue, keepsText: Bool, depth: Int, most: Int, to writer: inout JSONWriter
    ) {
        // Nothing is shown of what is too large, so the rest need not be written.
        guard writer.bytes.count <= most else { return }
        guard depth < deepest else { return writer.value("•••") }
        switch value {
        case .string(let text): writer.value(keepsText ? text : "•••")
        case .array(let values):
            writer.array(values) { write($1, keepsText: keepsText, depth: depth + 1, most: most, to: &$0) }
        case .object(let members):
            writer.object { writer in
                for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                    writer.name(text: String(name.prefix(60)))
                    write(member, keepsText: kept.contains(name), depth: depth + 1, most: most, to: &writer)
                }
            }
        case .null, .bool, .integer, .number: writer.value(value)
        }
    }
}
