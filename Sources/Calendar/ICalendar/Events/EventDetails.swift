import CivilTime

/// What an event says beside its time.
struct EventDetails {
    private let parts: EventParts

    /// Attendees beyond this are not read (they stay in the text).
    private static let mostAttendees = 500

    init(_ parts: EventParts) { self.parts = parts }

    func read(into event: inout CalendarEvent) {
        event.summary = parts.summary?.text.nonEmpty
        event.description = parts.description?.text.nonEmpty
        event.location = parts.location?.text.nonEmpty
        event.url = parts.url?.value.trimmed.nonEmpty
        event.status = word(parts.status).flatMap { EventStatus(rawValue: $0.lowercased()) } ?? .confirmed
        event.transparency = transparency
        let visibility = word(parts.visibility)
        event.isPrivate = visibility == "PRIVATE" || visibility == "CONFIDENTIAL"
        event.organizer = parts.organizer.map(participant)
        event.attendees = parts.attendees.prefix(Self.mostAttendees).map(participant)
        event.categories = parts.categories.flatMap { TextValue.list($0.valueBytes) }.filter { !$0.isEmpty }
        event.geo = parts.geo.flatMap { GeoPoint(parsing: $0.value.trimmed) }
        event.joinURL = parts.conference?.value.trimmed.nonEmpty
        event.color = parts.color?.value.trimmed.lowercased().nonEmpty
        event.created = instant(parts.created)
        event.lastModified = instant(parts.lastModified) ?? instant(parts.stamp)
        event.sequence = parts.sequence.flatMap { Int($0.value.trimmed, in: 0...(1 << 53)) } ?? 0
    }

    /// A value of a fixed set, in upper case.
    private func word(_ property: Property?) -> String? { property?.value.trimmed.uppercased() }

    /// TRANSP decides; where it is opaque, X-MICROSOFT-CDO-BUSYSTATUS may say more.
    private var transparency: Transparency {
        if word(parts.transparency) == "TRANSPARENT" { return .transparent }
        switch word(parts.busyStatus) {
        case "FREE" where parts.transparency == nil: return .transparent
        case "TENTATIVE": return .tentative
        case "OOF": return .outOfOffice
        case "WORKINGELSEWHERE": return .workingElsewhere
        default: return .opaque
        }
    }

    private func participant(_ property: Property) -> Participant {
        var address = property.value.trimmed
        if address.lowercased().hasPrefix("mailto:") { address = String(address.dropFirst(7)) }
        if !address.contains("@"), let email = property.parameter("EMAIL") { address = email }
        let status: ParticipationStatus =
            switch property.parameter("PARTSTAT")?.uppercased() {
            case "ACCEPTED": .accepted
            case "DECLINED": .declined
            case "TENTATIVE": .tentative
            case "NEEDS-ACTION", nil: .needsAction
            default: .unknown
            }
        return Participant(email: address, displayName: property.parameter("CN")?.nonEmpty, status: status)
    }

    private func instant(_ property: Property?) -> Instant? {
        guard let property, case .utc(let instant)? = TimeValue.parse(property.valueBytes)?.value else { return nil }
        return instant
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
