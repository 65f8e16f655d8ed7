internal import CivilTime
internal import CronofyWire
internal import ProviderKit
internal import Synchronization

/// Who the account is and where it lives, asked once.
final class GraphMailbox: Sendable {
    struct Profile: Sendable {
        var id: String
        var name: String
        /// The usual one first.
        var addresses: [String]
        var zoneName: String?
        var owner: Set<String> { Set(addresses.map { $0.lowercased() }) }
    }

    private let client: GraphClient
    private let known = Mutex<Profile?>(nil)

    init(client: GraphClient) { self.client = client }

    func profile() async throws(RemoteFailure) -> Profile {
        if let profile = known.withLock({ $0 }) { return profile }
        let me = try await client.get("/me").json
        guard let id = me["id"]?.words else {
            throw .unreachable(reason: "Microsoft's answer could not be understood.")
        }
        var addresses: [String] = []
        for name in ["mail", "userPrincipalName"] {
            guard let address = me[name]?.words, address.contains("@") else { continue }
            if !addresses.contains(where: { $0.lowercased() == address.lowercased() }) { addresses.append(address) }
        }
        let profile = Profile(
            id: id, name: me["displayName"]?.words ?? addresses.first ?? id, addresses: addresses,
            zoneName: try await zoneName())
        known.withLock { $0 = profile }
        return profile
    }

    /// Nil where that permission was not given: everything else works without it.
    private func zoneName() async throws(RemoteFailure) -> String? {
        do { return try await client.get("/me/mailboxSettings").json["timeZone"]?.words } catch {
            switch error {
            case .refused, .gone, .authorizationLost: return nil
            default: throw error
            }
        }
    }

    func calendars(zoneName: String?) async throws(RemoteFailure) -> [RemoteCalendar] {
        var (link, found): (String?, [RemoteCalendar]) = ("/me/calendars?$top=100", [])
        // More pages than any account has calendars.
        for _ in 0..<100 {
            guard let next = link else { break }
            let page = try await client.get(next).json
            found += (page["value"]?.list ?? []).compactMap { Self.calendar($0, zoneName: zoneName) }
            link = page["@odata.nextLink"]?.words
        }
        return found
    }

    static func calendar(_ json: JSONValue, zoneName: String?) -> RemoteCalendar? {
        guard let id = json["id"]?.words else { return nil }
        var calendar = RemoteCalendar(id: RemoteCalendarID(id), name: json["name"]?.words ?? "Calendar")
        calendar.isReadOnly = json["canEdit"]?.flag == false
        calendar.isPrimary = json["isDefaultCalendar"]?.flag == true
        if let color = json["hexColor"]?.words, color.utf8.count == 7, color.hasPrefix("#") {
            calendar.color = color.uppercased()
        }
        calendar.zoneName = zoneName
        return calendar
    }
}
