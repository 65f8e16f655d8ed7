internal import CronofyWire
internal import ICalendar

/// Organizer and attendees, both ways.
enum GraphPeople {
    static let mostAttendees = 500

    static func read(_ json: JSONValue, owner: Set<String>, into event: inout Component) {
        let attendees = json["attendees"]?.list ?? []
        // An appointment of one's own has its owner as organizer and nobody else: no meeting.
        guard !attendees.isEmpty || json["isOrganizer"]?.flag == false else { return }
        let organizer = address(json["organizer"])
        if let organizer {
            event.properties.append(
                Property("ORGANIZER", "mailto:" + organizer.email, parameters: name(organizer.name)))
        }
        let own = json["responseStatus"]?["response"]?.text
        for json in attendees.prefix(mostAttendees) {
            guard let person = address(json) else { continue }
            let isOwner = owner.contains(person.email.lowercased())
            let answer = isOwner ? own ?? json["status"]?["response"]?.text : json["status"]?["response"]?.text
            event.properties.append(
                Property(
                    "ATTENDEE", "mailto:" + person.email,
                    parameters: name(person.name) + role(json["type"]?.text) + [
                        .init("PARTSTAT", [partstat(answer)])
                    ]))
        }
    }

    private static func address(_ json: JSONValue?) -> (email: String, name: String?)? {
        guard let email = json?["emailAddress"]?["address"]?.words else { return nil }
        return (email, json?["emailAddress"]?["name"]?.words)
    }

    private static func name(_ name: String?) -> [Property.Parameter] { name.map { [.init("CN", [$0])] } ?? [] }

    private static func role(_ type: String?) -> [Property.Parameter] {
        switch type {
        case "optional": [.init("ROLE", ["OPT-PARTICIPANT"])]
        case "resource": [.init("CUTYPE", ["RESOURCE"]), .init("ROLE", ["NON-PARTICIPANT"])]
        default: []
        }
    }

    private static func partstat(_ response: String?) -> String {
        switch response {
        case "accepted", "organizer": "ACCEPTED"
        case "declined": "DECLINED"
        case "tentativelyAccepted": "TENTATIVE"
        default: "NEEDS-ACTION"
        }
    }

    /// `attendees` for a write: everybody but the organizer. Answers are the attendees' own and are not sent.
    static func attendees(_ event: Component) -> [JSONValue] {
        let organizer = event.first("ORGANIZER").map(email)
        return event.all("ATTENDEE").filter { email($0).lowercased() != organizer?.lowercased() }.map { property in
            var address: [String: JSONValue] = ["address": .string(email(property))]
            if let name = property.parameter("CN") { address["name"] = .string(name) }
            return .object(["emailAddress": .object(address), "type": .string(type(property))])
        }
    }

    private static func type(_ property: Property) -> String {
        if ["ROOM", "RESOURCE"].contains(property.parameter("CUTYPE")?.uppercased()) { return "resource" }
        return property.parameter("ROLE")?.uppercased() == "OPT-PARTICIPANT" ? "optional" : "required"
    }

    /// The owner's answer, as the event says it.
    static func answer(_ event: Component, owner: Set<String>) -> String? {
        event.all("ATTENDEE").first { owner.contains(email($0).lowercased()) }?.parameter("PARTSTAT")?.uppercased()
    }

    private static func email(_ property: Property) -> String {
        let value = property.value
        return value.lowercased().hasPrefix("mailto:") ? String(value.dropFirst(7)) : value
    }
}
