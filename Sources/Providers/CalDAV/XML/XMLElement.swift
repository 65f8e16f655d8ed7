/// An element's name by its namespace, never by its prefix (Namespaces in XML 1.0 §2.1).
struct XMLName: Hashable, Sendable {
    let namespace: String
    let local: String

    static func dav(_ local: String) -> XMLName { XMLName(namespace: "DAV:", local: local) }
    /// RFC 4791.
    static func caldav(_ local: String) -> XMLName { XMLName(namespace: "urn:ietf:params:xml:ns:caldav", local: local) }
    /// Calendar server extensions: getctag, source, subscribed.
    static func server(_ local: String) -> XMLName { XMLName(namespace: "http://calendarserver.org/ns/", local: local) }
    static func apple(_ local: String) -> XMLName { XMLName(namespace: "http://apple.com/ns/ical/", local: local) }
}

/// An element with what is inside it. Nesting is bounded by the reader, so walking it is too.
struct XMLElement: Hashable, Sendable {
    let name: XMLName
    /// Attributes without a namespace, by name.
    var attributes: [String: String] = [:]
    /// All character data directly inside, joined.
    var text = ""
    var children: [XMLElement] = []

    init(_ name: XMLName) { self.name = name }

    func first(_ name: XMLName) -> XMLElement? { children.first { $0.name == name } }
    func all(_ name: XMLName) -> [XMLElement] { children.filter { $0.name == name } }
    func has(_ name: XMLName) -> Bool { first(name) != nil }

    /// `text` without white space around it.
    var trimmedText: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        let head = text.drop(while: isSpace)
        return head.lastIndex { !isSpace($0) }.map { String(head[...$0]) } ?? ""
    }

    /// The texts of all `DAV:href` directly inside.
    var hrefs: [String] { all(.dav("href")).map(\.trimmedText).filter { !$0.isEmpty } }
}
