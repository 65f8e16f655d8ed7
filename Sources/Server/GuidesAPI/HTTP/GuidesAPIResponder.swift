import CronofyWire
import HTTPTypes
import Hummingbird
import Integrations
import Logging
import NIOCore
import Planning
import Sealing
import Season
import StorageKit
import Trips

/// Takes a request through what all endpoints share: its key, its size, its body. Failures become JSON:
/// `{"detail": "…"}`, or for each field what is wrong with it: `{"start": ["…"]}`.
struct GuidesAPIResponder: Sendable {
    let services: GuidesAPIServices

    private static let mostBytes = 1 << 16

    func respond(to request: Request, context: some RequestContext, endpoint: GuidesEndpoint) async -> Response {
        do {
            guard let person = try await person(request.headers) else { return Self.unauthorized }
            var call = GuidesCall(person: person)
            for (name, value) in context.parameters { call.parameters[String(name)] = String(value) }
            for (name, value) in request.uri.queryParameters { call.query[String(name)] = String(value) }
            if endpoint.method != .get { call.body = try await body(of: request) }
            let reply = try await endpoint.answer(call)
            return Self.response(reply.status, reply.body)
        } catch let error as GuidesAPIError {
            return Self.response(error)
        } catch {
            let failure = Self.failure(error)
            if case .refused(.internalServerError, _) = failure {
                context.logger.error(
                    "call failed", metadata: ["route": "\(endpoint.path)", "error": "\(String(reflecting: error))"])
            }
            return Self.response(failure)
        }
    }

    private func person(_ headers: HTTPFields) async throws -> PersonID? {
        let fields = headers[values: .authorization]
        guard fields.count == 1, fields[0].lowercased().hasPrefix("bearer ") else { return nil }
        return try await services.store.person(ofToken: Secret(String(fields[0].dropFirst(7))))
    }

    private func body(of request: Request) async throws -> JSONValue {
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= Self.mostBytes else {
                throw GuidesAPIError.refused(.contentTooLarge, "A body has at most \(Self.mostBytes) bytes.")
            }
            bytes += part.readableBytesView
        }
        if bytes.isEmpty { return .object([:]) }
        do {
            return try JSONValue(parsing: bytes)
        } catch JSONFault.unexpected(let offset, let wanted) {
            throw GuidesAPIError.refused(.badRequest, "The body is not JSON: at byte \(offset) stands not \(wanted).")
        } catch JSONFault.tooDeep(let limit) {
            throw GuidesAPIError.refused(.badRequest, "The body is deeper than \(limit) levels.")
        }
    }

    // MARK: Failures

    private static func failure(_ error: any Error) -> GuidesAPIError {
        switch error {
        case SeasonError.notFound, LinkRefusal.unknown: .notFound
        case SeasonError.invalid(let field, let reason): .field(field, reason)
        case SeasonError.timing(let error): .field("start", "does not fit: \(error)")
        case SeasonError.taken: .refused(.conflict, "The guide's time went to something else. Nothing was changed.")
        case SeasonError.noSeats: .refused(.conflict, "The trip has fewer seats left than that. Nothing was changed.")
        case SeasonError.tooLate(let reason): .refused(.conflict, "Nothing was changed: \(reason).")
        case let refusal as LinkRefusal: .refused(.conflict, refusal.sentence)
        case StorageError.unavailable, StorageError.busy:
            .refused(.serviceUnavailable, "The database does not answer. Nothing was changed; try again.")
        case StorageError.full: .refused(
                .init(code: 507, reasonPhrase: "Insufficient Storage"), "The server's disk is full. Nothing was changed.")
        default: .refused(.internalServerError, "Something went wrong here. It has been written to the server's log.")
        }
    }

    private static func response(_ error: GuidesAPIError) -> Response {
        switch error {
        case .notFound: response(.notFound, detail("There is no such thing, or it is not yours to see."))
        case .refused(let status, let reason): response(status, detail(reason))
        case .fields(let errors):
            response(
                .badRequest,
                GuidesReply.json { writer in
                    writer.object { writer in
                        for (name, entries) in errors.fields {
                            writer.name(text: name)
                            writer.array(entries) { $0.value($1.description) }
                        }
                    }
                }.body)
        }
    }

    private static var unauthorized: Response {
        var response = response(
            .unauthorized,
            detail("Send the header `Authorization: Bearer KEY`; a key is made on the page 'My account'."))
        response.headers[.wwwAuthenticate] = "Bearer"
        return response
    }

    private static func detail(_ text: String) -> [UInt8] {
        GuidesReply.json { $0.object { $0.member("detail", text) } }.body
    }

    private static func response(_ status: HTTPResponse.Status, _ body: [UInt8]) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
        if status != .noContent { headers[.contentType] = "application/json; charset=utf-8" }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
