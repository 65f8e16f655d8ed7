public import CronofyWire

/// Somebody who has an account at a vendor's stand-in.
public struct PretendPerson: Hashable, Sendable {
    public struct Book: Hashable, Sendable {
        public let name: String
        public let isReadOnly: Bool
        public let events: [EventDraft]
        /// As they would be sent to the vendor.
        public let rawEvents: [JSONValue]
        public init(name: String, isReadOnly: Bool = false, events: [EventDraft], rawEvents: [JSONValue] = []) {
            (self.name, self.isReadOnly, self.events, self.rawEvents) = (name, isReadOnly, events, rawEvents)
        }
    }

    public let vendor: String
    public let email: String
    public let name: String
    public let zone: String
    /// The first is the person's own.
    public let calendars: [Book]

    public init(vendor: String, email: String, name: String, zone: String, calendars: [Book]) {
        (self.vendor, self.email, self.name, self.zone, self.calendars) = (vendor, email, name, zone, calendars)
    }
}

/// What is wrong in a file of people, and where.
public struct PeopleFault: Error, Hashable, Sendable {
    public let sentence: String
    public init(_ sentence: String) { self.sentence = sentence }
}

/// The file that says who there is: JSON, as the README of `provider-sandbox` shows it.
public struct PeopleFile: Hashable, Sendable {
    public let people: [PretendPerson]
    public let clients: [SandboxClient]

    public init(people: [PretendPerson], clients: [SandboxClient] = [.usual]) {
        (self.people, self.clients) = (people, clients)
    }

    public init(parsing bytes: [UInt8], vendors: Set<String>) throws(PeopleFault) {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch {
            switch error {
            case .unexpected(let offset, let wanted): throw PeopleFault("byte \(offset): \(wanted) was expected")
            case .tooDeep(let limit): throw PeopleFault("nested deeper than \(limit)")
            }
        }
        guard let list = json["people"]?.list, !list.isEmpty else {
            throw PeopleFault("people: a list of at least one person is expected")
        }
        var people: [PretendPerson] = []
        for (place, entry) in list.enumerated() {
            people.append(try Self.person(entry, "people[\(place)]", vendors))
        }
        let keys = people.map { $0.vendor + " " + $0.email.lowercased() }
        if Set(keys).count < keys.count { throw PeopleFault("people: an e-mail stands twice at one vendor") }
        self.people = people
        var clients: [SandboxClient] = []
        for (place, entry) in (json["clients"]?.list ?? []).enumerated() {
            let at = "clients[\(place)]"
            clients.append(
                SandboxClient(
                    id: try Self.text(entry, "id", at), secret: try Self.text(entry, "secret", at),
                    redirectURIs: (entry["redirect_uris"]?.list ?? []).compactMap(\.text)))
        }
        self.clients = clients.isEmpty ? [.usual] : clients
    }

    private static func person(_ json: JSONValue, _ at: String, _ vendors: Set<String>) throws(PeopleFault)
        -> PretendPerson
    {
        let (vendor, email) = (try text(json, "vendor", at), try text(json, "email", at))
        guard vendors.contains(vendor) else {
            throw PeopleFault("\(at).vendor: '\(vendor)' is none; allowed: \(vendors.sorted().joined(separator: ", "))")
        }
        guard email.contains("@") else { throw PeopleFault("\(at).email: '\(email)' is no e-mail address") }
        let zone = json["zone"]?.words ?? "Etc/UTC"
        var books: [PretendPerson.Book] = []
        for (place, entry) in (json["calendars"]?.list ?? []).enumerated() {
            let here = "\(at).calendars[\(place)]"
            var events: [EventDraft] = []
            for (number, event) in (entry["events"]?.list ?? []).enumerated() {
                events.append(try draft(event, zone, "\(here).events[\(number)]"))
            }
            books.append(
                PretendPerson.Book(
                    name: try text(entry, "name", here), isReadOnly: entry["read_only"]?.flag ?? false, events: events,
                    rawEvents: entry["vendor_events"]?.list ?? []))
        }
        return PretendPerson(
            vendor: vendor, email: email, name: json["name"]?.words ?? email, zone: zone,
            calendars: books.isEmpty ? [.init(name: "Calendar", events: [])] : books)
    }

    private static func draft(_ json: JSONValue, _ zone: String, _ at: String) throws(PeopleFault) -> EventDraft {
        let word = json["repeats"]?.words ?? "never"
        guard let repeats = EventDraft.Repeat(rawValue: word) else {
            let allowed = EventDraft.Repeat.allCases.map(\.rawValue).joined(separator: ", ")
            throw PeopleFault("\(at).repeats: '\(word)' is not known; allowed: \(allowed)")
        }
        return EventDraft(
            title: try text(json, "title", at), start: try text(json, "start", at), end: try text(json, "end", at),
            zone: json["zone"]?.words ?? zone, repeats: repeats)
    }

    private static func text(_ json: JSONValue, _ name: String, _ at: String) throws(PeopleFault) -> String {
        guard let text = json[name]?.words else { throw PeopleFault("\(at).\(name): a text is expected") }
        return text
    }
}
