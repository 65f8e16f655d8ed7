internal import GuardedHTTP
internal import ProviderKit

/// What a collection's properties say about it as a calendar.
enum CalendarProperties {
    /// Everything asked of a collection in one request.
    static let requested = """
        <D:resourcetype/><D:displayname/><C:supported-calendar-component-set/><D:current-user-privilege-set/>\
        <CS:getctag/><D:sync-token/><A:calendar-color/><C:calendar-timezone/><C:calendar-timezone-id/>\
        <C:schedule-calendar-transp/><CS:source/>
        """

    /// The calendar, or nil where the collection is none for events: inboxes, task lists, subscriptions, trash.
    static func calendar(_ member: Multistatus.Member) -> RemoteCalendar? {
        guard let address = member.address, let kind = member[.dav("resourcetype")], kind.has(.caldav("calendar")),
            !kind.has(.server("subscribed")), !kind.has(.caldav("schedule-inbox")),
            !kind.has(.caldav("schedule-outbox")),
            !kind.children.contains(where: { $0.name.local == "trash-bin" || $0.name.local == "deleted-calendar" }),
            member[.server("source")]?.hrefs.isEmpty ?? true, takesEvents(member)
        else { return nil }
        let folder = address.path.hasSuffix("/") ? address : address.with(path: address.path + "/")
        var calendar = RemoteCalendar(id: RemoteCalendarID(folder.description), name: name(member, folder))
        calendar.isReadOnly = isReadOnly(member)
        calendar.color = color(member[.apple("calendar-color")]?.trimmedText)
        calendar.zoneName = zoneName(member)
        // RFC 6638 §9.1: absent means opaque.
        calendar.blocksTime = !(member[.caldav("schedule-calendar-transp")]?.has(.caldav("transparent")) ?? false)
        calendar.changeTag = member[.server("getctag")]?.trimmedText ?? member[.dav("sync-token")]?.trimmedText
        return calendar
    }

    /// RFC 4791 §5.2.3: without the property a calendar takes every component.
    private static func takesEvents(_ member: Multistatus.Member) -> Bool {
        guard let components = member[.caldav("supported-calendar-component-set")]?.all(.caldav("comp")),
            !components.isEmpty
        else { return true }
        return components.contains { $0.attributes["name"]?.uppercased() == "VEVENT" }
    }

    private static func name(_ member: Multistatus.Member, _ folder: WebAddress) -> String {
        if let name = member[.dav("displayname")]?.trimmedText, !name.isEmpty { return name }
        let last = folder.path.split(separator: "/").last.map(String.init) ?? "Calendar"
        return PercentEncoding.decoded(last) ?? last
    }

    /// RFC 3744 §5.4, §3: writing needs `write-content` and `bind`, singly or inside `write` or `all`.
    private static func isReadOnly(_ member: Multistatus.Member) -> Bool {
        guard let set = member[.dav("current-user-privilege-set")] else { return false }
        let granted = Set(set.all(.dav("privilege")).flatMap(\.children).map(\.name))
        return granted.isDisjoint(with: [.dav("all"), .dav("write"), .dav("write-content"), .dav("bind")])
    }

    /// Apple writes `#RRGGBBAA`; names of colours are left out.
    private static func color(_ text: String?) -> String? {
        guard let text, text.hasPrefix("#"), text.utf8.count == 7 || text.utf8.count == 9,
            text.dropFirst().allSatisfy({ $0.isASCII && $0.isHexDigit })
        else { return nil }
        return text.prefix(7).uppercased()
    }

    /// The name in `calendar-timezone-id` (RFC 7809 §5.2), or the TZID of the VTIMEZONE in `calendar-timezone`.
    private static func zoneName(_ member: Multistatus.Member) -> String? {
        if let name = member[.caldav("calendar-timezone-id")]?.trimmedText, !name.isEmpty { return name }
        let lines = member[.caldav("calendar-timezone")]?.text.split(whereSeparator: \.isNewline) ?? []
        let line = lines.first { $0.uppercased().hasPrefix("TZID:") || $0.uppercased().hasPrefix("TZID;") }
        return line?.split(separator: ":", maxSplits: 1).last.map(String.init)
    }
}
