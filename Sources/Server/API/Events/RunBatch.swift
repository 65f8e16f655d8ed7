import CronofyWire
import HTTPTypes
import Hummingbird
import NIOCore

/// `POST /v1/batch`: up to 50 writes in one request, done in order, each with a status of its own (part 1, §9.10).
enum RunBatch {
    static let mostEntries = 50
    /// What may stand in a batch.
    private static let paths: Set = ["/v1/calendars/{calendar_id}/events", "/v1/available_periods"]

    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let entries = fields.array("batch") ?? []
        if entries.isEmpty && fields.errors.isEmpty { fields.required("batch") }
        if entries.count > mostEntries {
            fields.fail("batch", key: "errors.too_many", "must hold at most \(mostEntries) requests")
        }
        guard fields.errors.isEmpty else { throw fields.errors }
        var outcomes: [Outcome] = []
        for entry in entries { outcomes.append(try await outcome(of: entry, in: call)) }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("batch")
            writer.array(outcomes) { writer, outcome in
                writer.object { writer in
                    writer.name("status")
                    writer.value(outcome.status)
                    guard let data = outcome.data else { return }
                    writer.name("data")
                    writer.value(data)
                }
            }
        }
        return .multiStatus(writer.bytes)
    }

    private struct Outcome {
        let status: Int
        let data: JSONValue?
    }

    private static func outcome(of entry: JSONValue, in call: APICall) async throws -> Outcome {
        let responder = APIResponder(services: call.services)
        do {
            let (row, inner) = try request(entry, in: call)
            try responder.authorize(call.caller, row)
            _ = try await row.respond(inner)
            return Outcome(status: 202, data: nil)
        } catch {
            let response = responder.response(to: error)
            let body = Collected()
            try await response.body.write(body)
            return Outcome(
                status: response.status.code, data: body.bytes.isEmpty ? nil : try JSONValue(parsing: body.bytes))
        }
    }

    /// The endpoint an entry names, and the call it stands for.
    private static func request(_ entry: JSONValue, in call: APICall) throws -> (EndpointRow, APICall) {
        var fields = Fields(entry)
        let (method, url) = (fields.text("method"), fields.text("relative_url"))
        if method == nil { fields.required("method") }
        if url == nil { fields.required("relative_url") }
        guard fields.errors.isEmpty, let method, let url else { throw fields.errors }
        let parts = url.split(separator: "?", maxSplits: 1).map(String.init)
        for row in EndpointTable.rows
        where paths.contains(row.path) && row.method.rawValue == method.uppercased() {
            guard let parameters = match(parts.first ?? "", row.path) else { continue }
            let inner = APICall(
                services: call.services, caller: call.caller, mark: nil, queryText: parts.count == 2 ? parts[1] : "",
                body: fields.value("data") ?? .object([:]), parameters: parameters)
            return (row, inner)
        }
        fields.fail(
            "relative_url", key: "errors.not_supported",
            "must be the path of an event or an available period to be written or deleted")
        throw fields.errors
    }

    /// The varying parts of `path` as `template` names them; nil where it is another path.
    private static func match(_ path: String, _ template: String) -> [String: String]? {
        let (parts, names) = (path.split(separator: "/"), template.split(separator: "/"))
        guard parts.count == names.count else { return nil }
        var parameters: [String: String] = [:]
        for (part, name) in zip(parts, names) {
            if name.hasPrefix("{") {
                parameters[String(name.dropFirst().dropLast())] = FormText.decoded(part, plusIsSpace: false)
            } else if part != name {
                return nil
            }
        }
        return parameters
    }
}

/// Takes up an answer's body.
private final class Collected: ResponseBodyWriter {
    private(set) var bytes: [UInt8] = []
    func write(_ buffer: ByteBuffer) async throws { bytes += buffer.readableBytesView }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
