import Accounts
import CivilTime
public import CronofyWire

/// The JSON of a notification (part 1, §10.4). The same notice of the same channel gives the same bytes, which is what
/// signatures and repeats stand on.
public enum NotificationBody {
    public static func bytes(of notice: Notice, to channel: Channel) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("notification")
            writer.object {
                $0.member("type", notice.type.rawValue)
                $0.member("changes_since", ifPresent: notice.changesSince?.description)
            }
            writer.name("channel")
            writer.object { ChannelJSON.write(channel, to: &$0) }
        }
        return writer.bytes
    }

    /// The time a body of ours names.
    static func changesSince(in body: String) -> Instant? {
        do {
            guard case .string(let text)? = try JSONValue(parsing: Array(body.utf8))["notification"]?["changes_since"],
                case .instant(let instant) = try WireTime(parsing: text, allowsFractions: false)
            else { return nil }
            return instant
        } catch { return nil }
    }
}

/// A channel's members, in notifications and in answers alike.
public enum ChannelJSON {
    public static func write(_ channel: Channel, to writer: inout JSONWriter) {
        writer.member("channel_id", channel.id.value)
        writer.member("callback_url", channel.callbackURL)
        writer.name("filters")
        writer.object { writer in
            if let calendars = channel.filters.calendars {
                writer.name("calendar_ids")
                writer.array(calendars) { $0.value($1.value) }
            }
            if let only = channel.filters.onlyManaged { writer.member("only_managed", only) }
        }
    }
}
