public import CivilTime

extension Component {
    /// This VCALENDAR with the answer of the attendee among `owner` (addresses in lower case): to every VEVENT, or to the
    /// one instance that originally starts at `instance`, which becomes an override where it is none yet (RFC 5546 §3.2.3).
    /// Nil where the owner is not among the attendees.
    public func answering(_ status: ParticipationStatus, owner: Set<String>, instance: EventTime?, stamp: Instant)
        -> Component?
    {
        var calendar = self
        guard let instance else {
            let indices = components.indices.filter { components[$0].name == "VEVENT" }
            let isFound = indices.map { calendar.components[$0].answer(status, owner: owner, stamp: stamp) }
            return isFound.contains(true) ? calendar : nil
        }
        let wanted = TimeText.property("RECURRENCE-ID", instance)
        let override = components.firstIndex { component in
            component.name == "VEVENT"
                && component.first("RECURRENCE-ID").map {
                    $0.value == wanted.value && $0.parameter("TZID") == wanted.parameter("TZID")
                } ?? false
        }
        if let override {
            return calendar.components[override].answer(status, owner: owner, stamp: stamp) ? calendar : nil
        }
        guard let master = components.first(where: { $0.name == "VEVENT" && $0.first("RECURRENCE-ID") == nil }),
            var copy = master.instance(at: instance)
        else { return nil }
        guard copy.answer(status, owner: owner, stamp: stamp) else { return nil }
        calendar.components.append(copy)
        return calendar
    }

    /// Sets PARTSTAT of the owner's ATTENDEE; false where there is none.
    private mutating func answer(_ status: ParticipationStatus, owner: Set<String>, stamp: Instant) -> Bool {
        var isFound = false
        for index in properties.indices where properties[index].name == "ATTENDEE" {
            let address = properties[index].value.lowercased()
            let email = address.hasPrefix("mailto:") ? String(address.dropFirst(7)) : address
            guard owner.contains(email) else { continue }
            properties[index] = properties[index].answering(status)
            isFound = true
        }
        guard isFound else { return false }
        let utc = TimeText.compact(Zone.utc.civil(at: stamp)) + "Z"
        replace("DTSTAMP", with: [Property("DTSTAMP", utc)])
        return true
    }

    /// This master's instance at `start`, as an override that changes nothing yet.
    private func instance(at start: EventTime) -> Component? {
        guard let ownStart = first("DTSTART") else { return nil }
        var copy = self
        for name in ["RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"] { copy.replace(name, with: []) }
        copy.replace("DTSTART", with: [TimeText.property("DTSTART", start)])
        copy.properties.append(TimeText.property("RECURRENCE-ID", start))
        guard let ownEnd = first("DTEND") else { return copy }
        // DTEND moves by as much as DTSTART did, on the wall.
        guard let from = Self.wall(ownStart), let to = Self.wall(ownEnd), let at = Self.wall(copy.first("DTSTART")),
            let end = CivilDateTime(wallSeconds: at + (to - from))
        else { return nil }
        let isUTC = ownEnd.value.hasSuffix("Z")
        let text = ownEnd.value.contains("T") ? TimeText.compact(end) + (isUTC ? "Z" : "") : TimeText.compact(end.date)
        copy.replace("DTEND", with: [Property("DTEND", text, parameters: ownEnd.parameters)])
        return copy
    }

    private static func wall(_ property: Property?) -> Int64? {
        guard let value = property?.value else { return nil }
        let parts = value.split(separator: "T")
        guard let first = parts.first, let date = CivilDate(compact: first) else { return nil }
        guard parts.count == 2 else { return date.midnight.wallSeconds }
        let time = parts[1].hasSuffix("Z") ? parts[1].dropLast() : parts[1]
        return CivilDateTime(date: date, compact: time)?.wallSeconds
    }
}
