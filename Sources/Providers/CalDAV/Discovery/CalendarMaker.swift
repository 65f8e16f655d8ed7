internal import GuardedHTTP
internal import ProviderKit

/// Makes a calendar in a home (RFC 4791 §5.3.1).
struct CalendarMaker: Sendable {
    let dav: DAVClient
    let home: WebAddress

    func make(named name: String, color: String?) async throws(DAVError) -> RemoteCalendar {
        // A name nobody has: the calendar's own may hold what an address may not, or stand there already.
        let segment =
            String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
        let folder = home.path.hasSuffix("/") ? home.path : home.path + "/"
        let address = home.with(path: folder + segment + "/")
        let response = try await dav.send(
            "MKCALENDAR", address, [Header("Content-Type", "application/xml; charset=utf-8")],
            Self.body(name: name, color: color))
        guard response.status == 201 else { throw DAVError(response) }
        return try await read(address, name: name)
    }

    /// As the server keeps it. One that says nothing about it yet has made it all the same.
    private func read(_ address: WebAddress, name: String) async throws(DAVError) -> RemoteCalendar {
        let answer = try await dav.propfind(address, .zero, CalendarProperties.requested).0
        return answer.members.lazy.compactMap(CalendarProperties.calendar).first
            ?? RemoteCalendar(id: RemoteCalendarID(address.description), name: name)
    }

    private static func body(name: String, color: String?) -> [UInt8] {
        let color = color.map { "<A:calendar-color>\(XMLWriter.escaped($0))FF</A:calendar-color>" } ?? ""
        return XMLWriter.document(
            "C:mkcalendar",
            """
            <D:set><D:prop><D:displayname>\(XMLWriter.escaped(name))</D:displayname>\(color)\
            <C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set>\
            </D:prop></D:set>
            """)
    }
}
