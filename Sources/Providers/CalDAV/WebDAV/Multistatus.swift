internal import CivilTime
internal import GuardedHTTP

/// A 207 answer (RFC 4918 §13), judged resource by resource.
struct Multistatus: Sendable {
    struct Member: Sendable {
        /// On the host that answered; nil where the href is none.
        let address: WebAddress?
        /// The status of the resource itself, where it has no properties to show.
        let status: Int?
        /// Properties whose propstat is a success; the others count as absent.
        let properties: [XMLName: XMLElement]
        /// Preconditions named in `DAV:error` (RFC 4918 §16).
        let conditions: Set<XMLName>

        subscript(_ name: XMLName) -> XMLElement? { properties[name] }
        var isMissing: Bool { status == 404 || status == 410 }
    }

    let members: [Member]
    /// RFC 6578 §6.4.
    let syncToken: String?

    /// - Throws: `.malformed` and kin where the body is not a whole multistatus.
    init(reading response: FetchResponse) throws(XMLFault) {
        let root = try XMLReader.read(response.body)
        guard root.name == .dav("multistatus") else { throw .malformed }
        syncToken = root.first(.dav("sync-token"))?.trimmedText
        members = root.all(.dav("response")).flatMap { Self.members(of: $0, base: response.address) }
    }

    /// One element may name several hrefs that share a status (RFC 4918 §14.24).
    private static func members(of response: XMLElement, base: WebAddress) -> [Member] {
        var properties: [XMLName: XMLElement] = [:]
        var failed: Int?
        for group in response.all(.dav("propstat")) {
            let status = statusCode(group.first(.dav("status"))) ?? 200
            guard (200...299).contains(status) else {
                failed = failed ?? status
                continue
            }
            for property in group.first(.dav("prop"))?.children ?? [] { properties[property.name] = property }
        }
        let conditions =
            (response.all(.dav("error")) + response.all(.dav("propstat")).flatMap { $0.all(.dav("error")) })
            .flatMap(\.children).map(\.name)
        // A resource without one readable property and only failures is judged by the failure (calendar-data 404).
        let status = statusCode(response.first(.dav("status"))) ?? (properties.isEmpty ? failed : nil)
        return response.hrefs.map { href in
            Member(
                address: Href.member(href, of: base), status: status, properties: properties,
                conditions: Set(conditions))
        }
    }

    /// `HTTP/1.1 404 Not Found` (RFC 4918 §14.28).
    private static func statusCode(_ element: XMLElement?) -> Int? {
        guard let parts = element?.trimmedText.split(separator: " "), parts.count >= 2 else { return nil }
        return Int(parts[1], in: 100...599)
    }
}

/// Links as servers write them.
enum Href {
    /// `text` as seen from `base`. Spaces, which some servers forget to encode, are encoded here.
    static func address(_ text: String, base: WebAddress) -> WebAddress? {
        let encoded =
            text.contains(" ")
            ? text.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "%20") : text
        do {
            let address = try base.resolving(encoded)
            // A server behind a proxy that ends TLS writes `http` for itself: https is never left because of it.
            let isDowngraded = base.scheme == .https && address.scheme == .http && address.host == base.host
            return isDowngraded ? base.with(path: address.path) : address
        } catch { return nil }
    }

    /// The address of a resource that an answer from `base` names. It is on the server that answered (RFC 4918 §8.3),
    /// whatever host an absolute href says: iCloud names another partition, servers behind a proxy their inner name.
    static func member(_ text: String, of base: WebAddress) -> WebAddress? {
        address(text, base: base).map { base.with(path: $0.path) }
    }
}
