import CivilTime
import Recurrence

/// A hash that is the same in every process: two lanes of FNV-1a, 128 bits. For telling whether text changed, not for
/// keeping anybody out.
struct StableHash {
    private var first: UInt64 = 0xcbf2_9ce4_8422_2325
    private var second: UInt64 = 0x9ae1_6a3b_2f90_404f

    mutating func add(_ text: String) {
        for byte in text.utf8 { mix(byte) }
        mix(0xff)  // No UTF-8 text holds it, so the end of one text is not the beginning of the next.
    }

    mutating func add(_ value: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: value >> Int64(shift))) }
    }

    private mutating func mix(_ byte: UInt8) {
        // Wrapping multiplication is what FNV is made of.
        first = (first ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        second = (second ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 &+ 1
    }

    /// 16 bytes.
    var bytes: [UInt8] {
        [first, second].flatMap { lane in (0..<8).map { UInt8(truncatingIfNeeded: lane >> UInt64($0 * 8)) } }
    }

    var hex: String { String(first, radix: 16) + String(second, radix: 16) }
}

extension EventSeries {
    /// 16 bytes that change with the meaning of the series and not with DTSTAMP, CREATED, LAST-MODIFIED or SEQUENCE,
    /// which some servers write anew at every reading.
    public var contentHash: [UInt8] {
        var hash = StableHash()
        hash.add(uid)
        if let master { hash.add(event: master) }
        for event in overrides { hash.add(event: event) }
        for (id, zone) in customZones.sorted(by: { $0.key.name < $1.key.name }) {
            hash.add(id.name)
            for offset in zone.summary { hash.add(offset) }
        }
        return hash.bytes
    }
}

extension StableHash {
    fileprivate mutating func add(event: CalendarEvent) {
        for time in [event.recurrenceID, event.start, event.end] { add(time) }
        if let duration = event.duration { add(duration.text) }
        add(event.thisAndFuture ? 1 : 0)
        for rule in event.rules { add(rule.text) }
        for date in event.recurrenceDates {
            add(date.start)
            add(date.end)
        }
        add(Int64(event.exceptionDates.count))
        for date in event.exceptionDates { add(date) }
        for text in [event.summary, event.description, event.location, event.url] { add(text ?? "\u{1}") }
        add(event.status.rawValue)
        add(event.transparency.rawValue)
        add(event.isPrivate ? 1 : 0)
        for person in [event.organizer].compactMap({ $0 }) + event.attendees {
            add(person.email)
            add(person.displayName ?? "\u{1}")
            add(person.status.rawValue)
        }
        add(Int64(event.categories.count))
        for category in event.categories { add(category) }
        // Only where they are there, so that the hashes of what has none stay what they were.
        if let geo = event.geo { add("g" + geo.text) }
        if let url = event.joinURL { add("j" + url) }
        if let color = event.color { add("c" + color) }
    }

    private mutating func add(_ time: EventTime?) {
        switch time {
        case nil: add("-")
        case .allDay(let date):
            add("d")
            add(Int64(date.dayNumber))
        case .floating(let time):
            add("f")
            add(time.wallSeconds)
        case .zoned(let time, let zone):
            add(zone.name)
            add(time.wallSeconds)
        case .utc(let instant):
            add("u")
            add(instant.seconds)
        }
    }
}
