import ICalendar

/// One item for each UID of a feed, and for each event where several share one.
enum FeedItems {
    static func items(of blocks: FeedBlocks) -> [FeedFile.Item] {
        var groups: [String: [FeedBlocks.Block]] = [:]
        for block in blocks.events {
            let uid = block.value("UID").flatMap { $0.isEmpty ? nil : $0 }
            let name = uid ?? "content-" + contentDigest(block, withUID: false)
            groups[name, default: []].append(uid == nil ? named(block, name) : block)
        }
        let zones = Dictionary(blocks.zones.compactMap { zone in zone.value("TZID").map { ($0, zone) } }) { first, _ in
            first
        }
        let header = blocks.properties.filter { FeedBlocks.name(of: $0) == "X-WR-TIMEZONE" }
        return groups.flatMap { items($0.key, $0.value, header, zones) }.sorted { $0.name < $1.name }
    }

    private static func items(
        _ name: String, _ events: [FeedBlocks.Block], _ header: [[UInt8]], _ zones: [String: FeedBlocks.Block]
    ) -> [FeedFile.Item] {
        let whole = item(name, events, header, zones)
        guard events.count(where: { $0.value("RECURRENCE-ID") == nil }) > 1 else { return [whole] }
        do {
            let parts = try ICalendarDocument(reading: whole.text).items()
            guard parts.count > 1 else { return [whole] }
            return try parts.map { part in
                item(part.uid, try FeedBlocks(reading: Array(part.calendar.icalendarText.utf8)).events, header, zones)
            }
        } catch { return [whole] }  // What cannot be read is told of the item as a whole.
    }

    /// What the event says, without the marks that servers renew by themselves.
    static func contentDigest(_ block: FeedBlocks.Block, withUID: Bool) -> String {
        let noise: Set<String> = ["DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE"]
        let lines = block.lines.filter { line in
            let name = FeedBlocks.name(of: line)
            return !noise.contains(name) && (withUID || name != "UID")
        }
        return Digest.hex(Array(lines.joined(separator: [0x0A])))
    }

    private static func item(
        _ name: String, _ events: [FeedBlocks.Block], _ header: [[UInt8]], _ zones: [String: FeedBlocks.Block]
    ) -> FeedFile.Item {
        let used = Set(events.flatMap { zoneNames(in: $0) }).sorted().compactMap { zones[$0] }
        let start =
            ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Anchorpoint//Feed//EN"].map { Array($0.utf8) } + header
        let lines = start + used.flatMap(\.lines) + events.flatMap(\.lines) + [Array("END:VCALENDAR".utf8)]
        let marks = events.map { contentDigest($0, withUID: true) } + used.map { contentDigest($0, withUID: true) }
        let heading = header.map { String(decoding: $0, as: UTF8.self) }
        return FeedFile.Item(
            name: name, text: String(decoding: Array(lines.joined(separator: [0x0D, 0x0A])), as: UTF8.self) + "\r\n",
            version: Digest.hex(Array((heading + marks).joined(separator: "\n").utf8)))
    }

    private static func named(_ block: FeedBlocks.Block, _ name: String) -> FeedBlocks.Block {
        var lines = block.lines
        lines.removeAll { FeedBlocks.name(of: $0) == "UID" }
        lines.insert(Array("UID:\(name)".utf8), at: min(1, lines.count))
        return FeedBlocks.Block(lines: lines)
    }

    private static func zoneNames(in block: FeedBlocks.Block) -> [String] {
        block.lines.compactMap { line in
            let head = String(decoding: line.prefix { $0 != UInt8(ascii: ":") }.prefix(1000), as: UTF8.self)
            let part = head.split(separator: ";").first { $0.uppercased().hasPrefix("TZID=") }
            return part.map { $0.dropFirst(5).filter { $0 != "\"" } }
        }
    }
}
