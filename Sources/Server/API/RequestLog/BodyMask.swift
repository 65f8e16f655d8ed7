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

    static func masked(_ value: JSONValue) -> JSONValue { masked(value, keepsText: false, depth: 0) }

    private static func masked(_ value: JSONValue, keepsText: Bool, depth: Int) -> JSONValue {
        guard depth < deepest else { return .string("•••") }
        switch value {
        case .string: return keepsText ? value : .string("•••")
        case .array(let values): return .array(values.map { masked($0, keepsText: keepsText, depth: depth + 1) })
        case .object(let members):
            return .object(
                Dictionary(
                    members.map { name, member in
                        (String(name.prefix(60)), masked(member, keepsText: kept.contains(name), depth: depth + 1))
                    }, uniquingKeysWith: { first, _ in first }))
        case .null, .bool, .integer, .number: return value
        }
    }

    /// Bytes that are JSON, masked; anything else only by its size.
    static func masked(_ bytes: [UInt8], most: Int) -> String {
        guard !bytes.isEmpty else { return "" }
        guard bytes.count <= most else { return "(\(bytes.count) bytes)" }
        do {
            var writer = JSONWriter()
            writer.value(masked(try JSONValue(parsing: bytes)))
            return writer.text
        } catch { return "(\(bytes.count) bytes)" }
    }
}
