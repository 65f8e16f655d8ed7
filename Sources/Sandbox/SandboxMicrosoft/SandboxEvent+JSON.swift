internal import CivilTime
internal import CronofyWire

extension SandboxEvent {
    static func time(_ instant: Instant) -> JSONValue {
        .object([
            "dateTime": .string(Zone.utc.civil(at: instant).description + ".0000000"), "timeZone": .string("UTC"),
        ])
    }

    private var common: [String: JSONValue] {
        [
            "changeKey": .string(changeKey), "@odata.etag": .string("W/\"\(changeKey)\""),
            "originalStartTimeZone": .string(zoneName), "originalEndTimeZone": .string(zoneName),
            "createdDateTime": .string("2026-01-01T00:00:00.0000000Z"),
            "lastModifiedDateTime": .string("2026-01-01T00:00:00.0000000Z"), "isOrganizer": .bool(true),
        ]
    }

    /// The event or master itself.
    /// - Parameter isWhole: with the changed and deleted instances, which Graph only gives when asked.
    func json(isWhole: Bool) -> JSONValue {
        var json = members.merging(common) { own, _ in own }
        (json["id"], json["iCalUId"]) = (.string(id), .string(uid))
        (json["start"], json["end"]) = (Self.time(zone.instant(of: start)), Self.time(zone.instant(of: end)))
        json["type"] = .string(recurrence == nil ? "singleInstance" : "seriesMaster")
        json["recurrence"] = recurrence ?? .null
        if isWhole, recurrence != nil {
            json["exceptionOccurrences"] = .array(
                exceptions.keys.filter { !cancelled.contains($0) }.sorted().compactMap { instance($0, isFull: true) })
            json["cancelledOccurrences"] = .array(
                cancelled.sorted().map { .string("OID.\(id).\($0.description)") })
        }
        if let poison { json["start"] = poison }
        // Never echoed.
        json["singleValueExtendedProperties"] = nil
        return .object(json)
    }

    /// One instance of the series; a plain one in a delta says little (`isFull` false).
    func instance(_ date: CivilDate, isFull: Bool) -> JSONValue? {
        guard let wall = CivilDateTime(date: date, secondOfDay: start.secondOfDay) else { return nil }
        let slot = zone.instant(of: wall)
        let length = end.wallSeconds - start.wallSeconds
        let exception = exceptions[date]
        let plainEnd = wall.adding(seconds: length).map { zone.instant(of: $0) } ?? slot
        var json: [String: JSONValue] = [
            "id": .string("OID.\(id).\(date.description)"), "seriesMasterId": .string(id),
            "type": .string(exception == nil ? "occurrence" : "exception"),
            "start": Self.time(exception?.start ?? slot), "end": Self.time(exception?.end ?? plainEnd),
            "@odata.etag": .string("W/\"\(changeKey)\""),
        ]
        guard isFull || exception != nil else { return .object(json) }
        json.merge(members) { own, _ in own }
        json.merge(common) { own, _ in own }
        json.merge(exception?.members ?? [:]) { _, new in new }
        json["originalStart"] = .string(Zone.utc.civil(at: slot).description + "Z")
        json["iCalUId"] = .string(uid + "-" + date.description)
        json["singleValueExtendedProperties"] = nil
        return .object(json)
    }
}
