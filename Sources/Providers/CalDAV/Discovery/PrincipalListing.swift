internal import GuardedHTTP
internal import ProviderKit

/// The other principals that the server lets this account see (RFC 3744 §5.8), with what kind each is (RFC 6638 §2.4.2).
/// One without a mail address cannot be asked for and is left out.
struct PrincipalListing: Sendable {
    let dav: DAVClient
    let own: WebAddress

    /// Servers name one or two; more would be somebody's attempt to keep us busy.
    private static let mostCollections = 4
    private static let requested =
        "<D:displayname/><D:resourcetype/><C:calendar-user-type/><C:calendar-user-address-set/>"

    func read() async throws(DAVError) -> [RemoteNeighbour] {
        let (answer, address) = try await dav.propfind(own, .zero, "<D:principal-collection-set/>")
        let hrefs = answer.members.first?[.dav("principal-collection-set")]?.hrefs ?? []
        var seen: Set<String> = [Self.plain(own), Self.plain(address)]
        var found: [RemoteNeighbour] = []
        for href in hrefs.prefix(Self.mostCollections) {
            guard let collection = Href.address(href, base: address), dav.credential.mayGo(to: collection.origin) else {
                continue
            }
            let members = try await dav.propfind(collection, .one, Self.requested).0.members
            for member in members {
                guard let place = member.address, seen.insert(Self.plain(place)).inserted else { continue }
                if let neighbour = Self.neighbour(member, at: place) { found.append(neighbour) }
            }
        }
        return found
    }

    private static func neighbour(_ member: Multistatus.Member, at address: WebAddress) -> RemoteNeighbour? {
        let addresses = member[.caldav("calendar-user-address-set")]?.hrefs ?? []
        guard let mail = addresses.first(where: { $0.lowercased().hasPrefix("mailto:") })?.dropFirst(7), !mail.isEmpty
        else { return nil }
        let name = member[.dav("displayname")]?.trimmedText ?? ""
        let type = member[.caldav("calendar-user-type")]?.trimmedText.uppercased()
        return RemoteNeighbour(
            identity: address.description, email: String(mail), name: name.isEmpty ? String(mail) : name,
            kind: type == "ROOM" || type == "RESOURCE" ? .resource : .other)
    }

    private static func plain(_ address: WebAddress) -> String {
        let text = PercentEncoding.decoded(address.description) ?? address.description
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
