/// The properties of a VEVENT that have a meaning here, found in one pass; of those that may stand once, the first.
struct EventParts {
    var uid, start, end, duration, recurrenceID, allDayFlag: Property?
    var rules: [Property] = []
    var dates: [Property] = []
    var exceptions: [Property] = []
    var summary, description, location, url, status, transparency, busyStatus, visibility: Property?
    var geo, conference, color: Property?
    var organizer, created, lastModified, stamp, sequence: Property?
    var attendees: [Property] = []
    var categories: [Property] = []

    init(_ component: Component) {
        func keep(_ part: inout Property?, _ property: Property) { if part == nil { part = property } }
        for property in component.properties {
            switch property.known {
            case .uid: keep(&uid, property)
            case .dtstart: keep(&start, property)
            case .dtend: keep(&end, property)
            case .duration: keep(&duration, property)
            case .recurrenceID: keep(&recurrenceID, property)
            case .xMicrosoftAllDay: keep(&allDayFlag, property)
            case .rrule: rules.append(property)
            case .rdate: dates.append(property)
            case .exdate: exceptions.append(property)
            case .summary: keep(&summary, property)
            case .description: keep(&description, property)
            case .location: keep(&location, property)
            case .url: keep(&url, property)
            case .status: keep(&status, property)
            case .transp: keep(&transparency, property)
            case .xMicrosoftBusyStatus: keep(&busyStatus, property)
            case .class: keep(&visibility, property)
            case .geo: keep(&geo, property)
            case .conference: keep(&conference, property)
            case .color: keep(&color, property)
            case .organizer: keep(&organizer, property)
            case .created: keep(&created, property)
            case .lastModified: keep(&lastModified, property)
            case .dtstamp: keep(&stamp, property)
            case .sequence: keep(&sequence, property)
            case .attendee: attendees.append(property)
            case .categories: categories.append(property)
            default: break
            }
        }
    }
}
