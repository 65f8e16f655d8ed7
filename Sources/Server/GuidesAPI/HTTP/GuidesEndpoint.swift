import CronofyWire
import HTTPTypes

/// One row of the table of endpoints.
struct GuidesEndpoint: Sendable {
    let method: HTTPRequest.Method
    let path: String
    let answer: @Sendable (GuidesCall) async throws -> GuidesReply

    static func get(_ path: String, _ answer: @escaping @Sendable (GuidesCall) async throws -> GuidesReply) -> Self {
        GuidesEndpoint(method: .get, path: path, answer: answer)
    }
    static func post(_ path: String, _ answer: @escaping @Sendable (GuidesCall) async throws -> GuidesReply) -> Self {
        GuidesEndpoint(method: .post, path: path, answer: answer)
    }
    static func patch(_ path: String, _ answer: @escaping @Sendable (GuidesCall) async throws -> GuidesReply) -> Self {
        GuidesEndpoint(method: .patch, path: path, answer: answer)
    }
    static func delete(_ path: String, _ answer: @escaping @Sendable (GuidesCall) async throws -> GuidesReply) -> Self {
        GuidesEndpoint(method: .delete, path: path, answer: answer)
    }
}

/// What an endpoint answers.
struct GuidesReply: Sendable {
    let status: HTTPResponse.Status
    let body: [UInt8]

    static let nothing = GuidesReply(status: .noContent, body: [])

    static func json(_ status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) throws -> Void) rethrows -> Self {
        var writer = JSONWriter()
        try write(&writer)
        return GuidesReply(status: status, body: writer.bytes)
    }
}

/// Every endpoint with its path. One that is not in here does not exist; a test takes each as a stranger.
struct GuidesEndpoints: Sendable {
    let services: GuidesAPIServices

    var all: [GuidesEndpoint] {
        let time = AvailabilityEndpoints(services: services)
        let calendars = IntegrationEndpoints(services: services)
        let trips = TripEndpoints(services: services)
        let (rows, links) = ("/api/auth/availabilities", "/api/auth/calendar-integrations")
        return [
            .get("/api/auth/memberships", MembershipEndpoint(services: services).list),
            .get(rows, time.list),
            .post(rows, time.add),
            .get(rows + "/{id}", time.show),
            .patch(rows + "/{id}", time.change),
            .delete(rows + "/{id}", time.remove),
            .get(rows + "/{id}/shares", time.shares),
            .post(rows + "/{id}/shares", time.share),
            .delete(rows + "/{id}/shares", time.unshare),
            .get(links, calendars.list),
            .post(links, calendars.link),
            .patch(links + "/{id}", calendars.change),
            .delete(links + "/{id}", calendars.remove),
            .get("/api/trips", trips.list),
            .post("/api/trips", trips.add),
            .get("/api/trips/{id}", trips.show),
            .patch("/api/trips/{id}", trips.move),
            .post("/api/trips/{id}/assign-guide", trips.assign),
            .get("/api/trips/service/{id}/guides", trips.guides),
        ]
    }
}
