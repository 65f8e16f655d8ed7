import Accounts
import Authorization
import CronofyWire
import Events
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import StorageKit

/// From a request to its endpoint and back: credential, body, answer, errors.
struct APIResponder: Sendable {
    let services: APIServices

    func respond(to request: Request, row: EndpointRow, parameters: [String: String]) async -> Response {
        let began = ContinuousClock.now
        var exchange = Exchange()
        var response: Response
        do {
            let call = APICall(
                services: services, caller: try await admit(request, row, &exchange), mark: exchange.mark,
                queryText: request.uri.query ?? "", body: exchange.body, parameters: parameters)
            response = answered(try await row.answer(call), &exchange)
        } catch {
            response = answered(error, &exchange)
        }
        for field in exchange.allowance { response.headers[field.name] = field.value }
        log(exchange, request, row, status: response.status.code, took: ContinuousClock.now - began)
        return response
    }

    /// What is known of a request so far.
    private struct Exchange {
        var caller: Caller?
        var mark: CommitMark?
        var body = JSONValue.object([:])
        var allowance: HTTPFields = [:]
        var answer: [UInt8] = []
    }

    private func answered(_ answer: APIAnswer, _ exchange: inout Exchange) -> Response {
        switch answer {
        case .json(let bytes):
            exchange.answer = bytes
            return Self.response(.ok, bytes)
        case .multiStatus(let bytes):
            exchange.answer = bytes
            return Self.response(.init(code: 207, reasonPhrase: "Multi-Status"), bytes)
        case .accepted: return Self.response(.accepted, [])
        case .acceptedJSON(let bytes):
            exchange.answer = bytes
            return Self.response(.accepted, bytes)
        case .empty: return Self.response(.ok, [])
        }
    }

    private func answered(_ error: any Error, _ exchange: inout Exchange) -> Response {
        if let errors = error as? WireErrors { exchange.answer = errors.json }
        return response(to: error)
    }

    private func log(
        _ exchange: Exchange, _ request: Request, _ row: EndpointRow, status: Int, took: Duration
    ) {
        guard let log = services.requestLog, let caller = exchange.caller else { return }
        log.add(
            RequestLog.Entry(
                id: RequestID.current ?? "", caller: caller, atMS: services.nowMilliseconds(), took: took,
                method: row.method.rawValue, route: row.path, query: FormText(parsing: request.uri.query ?? "").json,
                body: exchange.body, status: status, answer: exchange.answer))
    }

    private func limit(_ caller: Caller, _ exchange: inout Exchange) throws(APIError) {
        exchange.caller = caller
        guard let verdict = services.limiter.take(caller.client) else { return }
        exchange.allowance = verdict.fields
        if !verdict.isAllowed { throw .tooManyRequests(seconds: verdict.retryAfter) }
    }

    // MARK: Credentials

    /// Who asks, and what they sent. A bearer is looked at before the body, a client's own credentials stand in it.
    private func admit(_ request: Request, _ row: EndpointRow, _ exchange: inout Exchange) async throws -> Caller {
        guard row.access == .client else {
            if row.access == .admin {
                let caller = try await administrator(request)
                exchange.body = try await body(of: request, limit: row.largestBody)
                return caller
            }
            let mark = try await services.accounts.database.mark()
            exchange.mark = mark
            let caller = try await authenticate(request, at: mark)
            try limit(caller, &exchange)
            try authorize(caller, row)
            exchange.body = try await body(of: request, limit: row.largestBody)
            return caller
        }
        let body = try await body(of: request, limit: row.largestBody)
        exchange.body = body
        let credentials = try ClientCredentials(body: body, authorization: request.headers[.authorization])
        do {
            let caller = try await services.authorization.client(credentials.id, secret: credentials.secret)
            try limit(caller, &exchange)
            return caller
        } catch let fault as OAuthFault {
            throw credentials.isBasic ? APIError.unauthorizedClient(fault) : fault
        }
    }

    private func administrator(_ request: Request) async throws -> Caller {
        let key = try bearer(of: request)
        guard try await services.authorization.isAdminKey(key) else { throw APIError.unauthorized(.unknown) }
        return .administrator
    }

    private func authenticate(_ request: Request, at mark: CommitMark) async throws -> Caller {
        switch try await services.accounts.authenticate(try bearer(of: request), at: mark) {
        case .success(let caller): return caller
        case .failure(.expired): throw APIError.unauthorized(.expired)
        case .failure(.unknown): throw APIError.unauthorized(.unknown)
        }
    }

    private func bearer(of request: Request) throws(APIError) -> Secret {
        let scheme = "bearer "
        // Sent twice it is no credential (RFC 9110 §5.3); the subscript, which joins what it finds, takes longer.
        let fields = request.headers.lazy.filter { $0.name == .authorization }
        guard let header = fields.first?.value, fields.dropFirst().isEmpty, header.utf8.count >= scheme.utf8.count,
            zip(header.utf8, scheme.utf8).allSatisfy({ $0 == $1 || $0 | 32 == $1 && $0 != 0 })
        else { throw APIError.unauthorized(.missing) }
        let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 }
        let rest = header.utf8.dropFirst(scheme.utf8.count).drop(while: isSpace)
        let end = rest.lastIndex { !isSpace($0) }.map { rest.index(after: $0) } ?? rest.startIndex
        let token = String(Substring(rest[..<end]))
        // What SDKs write where they hold no token.
        guard !token.isEmpty, !["None", "undefined", "null"].contains(token), token.utf8.count <= 512 else {
            throw APIError.unauthorized(.missing)
        }
        return Secret(token)
    }

    func authorize(_ caller: Caller, _ row: EndpointRow) throws(APIError) {
        if row.access == .key {
            guard case .application = caller else { throw .unauthorized(.notKey) }
        }
        guard case .account(let permissions) = row.access else { return }
        guard case .account(_, _, let scope) = caller else { throw .unauthorized(.wrongKind) }
        guard permissions.isEmpty || permissions.contains(where: scope.allows) else {
            throw .forbidden(scope: permissions[0].rawValue)
        }
    }

    // MARK: Bodies

    /// JSON or a form, whatever the declared type says; nothing, `{}` and `[]` are an empty object. Bodies of GET are
    /// ignored, as SDKs send them.
    private func body(of request: Request, limit: Int) async throws -> JSONValue {
        guard request.method != .get, request.method != .head else { return .object([:]) }
        var bytes: [UInt8] = []
        for try await chunk in request.body {
            bytes += chunk.readableBytesView
            guard bytes.count <= limit else { throw APIError.tooLarge(limit: limit) }
        }
        guard let first = bytes.first(where: { $0 > 32 }) else { return .object([:]) }
        let isForm = request.headers[.contentType]?.lowercased().contains("form-urlencoded") ?? false
        if isForm && first != UInt8(ascii: "{") {
            return FormText(parsing: String(decoding: bytes, as: UTF8.self)).json
        }
        do {
            let value = try JSONValue(parsing: bytes)
            switch value {
            case .array([]), .null: return .object([:])
            case .object: return value
            default: throw APIError.malformedJSON(.unexpected(offset: 0, wanted: "an object"))
            }
        } catch let fault as JSONFault { throw APIError.malformedJSON(fault) }
    }

    // MARK: Answers

    /// Of every answer (RFC 6749 §5.1). Made once: each name's making checks its letters.
    private static let always: HTTPFields = {
        var fields: HTTPFields = [.cacheControl: "no-store"]
        if let pragma = HTTPField.Name("Pragma") { fields.append(HTTPField(name: pragma, value: "no-cache")) }
        return fields
    }()
    private static let withJSON = always + [HTTPField(name: .contentType, value: "application/json; charset=utf-8")]

    static func response(_ status: HTTPResponse.Status, _ bytes: [UInt8], _ fields: HTTPFields = [:]) -> Response {
        var headers = bytes.isEmpty ? always : withJSON
        headers.append(contentsOf: fields)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func message(_ status: HTTPResponse.Status, _ key: String, _ text: String, _ fields: HTTPFields = [:])
        -> Response
    {
        var writer = JSONWriter()
        writer.object {
            $0.member("error", key)
            $0.member("error_description", text)
        }
        return response(status, writer.bytes, fields)
    }

    func response(to error: any Error) -> Response {
        switch error {
        case let errors as WireErrors: return Self.response(.unprocessableContent, errors.json)
        case let error as APIError: return Self.response(to: error)
        // RFC 6749 §5.2
        case let fault as OAuthFault: return Self.message(.badRequest, fault.code.rawValue, fault.description)
        case let error as EventWriteError: return Self.response(to: error)
        case StorageError.unavailable, StorageError.busy:
            return Self.message(
                .serviceUnavailable, "unavailable", "the database is not available; try again soon", [.retryAfter: "2"])
        case StorageError.full(let volume):
            return Self.message(
                .init(code: 507, reasonPhrase: "Insufficient Storage"), "storage_full",
                "nothing was changed: \(volume) is full, read-only or failing; try again once its operator has made space",
                [.retryAfter: "60"])
        default:
            let id = RequestID.current ?? Crypto.token(8)
            services.logger.error("a request failed", metadata: ["id": "\(id)", "error": "\(error)"])
            return Self.message(
                .internalServerError, "internal_error", "something went wrong here; its number is \(id)")
        }
    }

    private static func response(to error: APIError) -> Response {
        switch error {
        case .unauthorized(let fault):
            let detail = fault == .missing ? "" : ", error=\"invalid_token\", error_description=\"\(fault.rawValue)\""
            return message(
                .unauthorized, fault == .missing ? "unauthorized" : "invalid_token", fault.rawValue,
                [.wwwAuthenticate: "Bearer realm=\"Anchorpoint\"" + detail])
        case .unauthorizedClient(let fault):
            return message(
                .unauthorized, fault.code.rawValue, fault.description,
                [.wwwAuthenticate: "Basic realm=\"Anchorpoint\""])
        case .forbidden(let scope):
            return message(
                .forbidden, "insufficient_scope", "the access token's scope does not include \(scope)",
                [.wwwAuthenticate: "Bearer realm=\"Anchorpoint\", error=\"insufficient_scope\", scope=\"\(scope)\""])
        case .sandboxed:
            return message(
                .forbidden, "sandboxed", "the application may change only events it created in this calendar")
        case .notFound: return message(.notFound, "not_found", "there is nothing at this address for this credential")
        case .locked:
            return message(
                .init(code: 423, reasonPhrase: "Locked"), "disconnected",
                "the calendar's profile must be reconnected by its owner")
        case .unreachable(let reason):
            return message(.serviceUnavailable, "provider_unreachable", reason, [.retryAfter: "30"])
        case .malformedJSON(.tooDeep(let limit)):
            return message(.badRequest, "invalid_json", "the body is nested deeper than \(limit) levels")
        case .malformedJSON(.unexpected(let offset, let wanted)):
            return message(
                .badRequest, "invalid_json", "the body is not JSON: at byte \(offset) \(wanted) was expected")
        case .tooManyRequests(let seconds):
            return message(
                .tooManyRequests, "rate_limited", "too many requests; go on in \(seconds) s",
                [.retryAfter: "\(seconds)"])
        case .tooLarge(let limit):
            return message(.contentTooLarge, "too_large", "the body is larger than \(limit) bytes")
        }
    }

    private static func response(to error: EventWriteError) -> Response {
        switch error {
        case .unknownCalendar, .unknownEvent: response(to: APIError.notFound)
        case .readOnlyCalendar: message(.forbidden, "read_only", "the calendar is read-only")
        case .disconnected: response(to: APIError.locked)
        case .sandboxed: response(to: APIError.sandboxed)
        case .notAnswerable:
            message(.forbidden, "not_invited", "the account is not asked to take part in this event, or organises it")
        case .invalidCalendars:
            response(
                .unprocessableContent,
                WireErrors(
                    "calendar_ids", key: "errors.invalid_calendar_ids", "must be calendars of this account"
                ).json)
        case .notExternal:
            response(
                .unprocessableContent,
                WireErrors(
                    "event_uid", key: "errors.must_be_external_event_uid",
                    "must be the event_uid of an event this application does not manage"
                ).json)
        case .recurringExternal:
            response(
                .unprocessableContent,
                WireErrors("event_uid", key: "errors.recurring", "must not be the event_uid of a recurring event").json)
        case .invalid(let field, let reason):
            response(.unprocessableContent, WireErrors(field, key: "errors.invalid", reason).json)
        }
    }
}
