public import CronofyClient
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Hands a `CronofyClient`'s requests to the API's own routes, without a socket: the same credentials, limits, request
/// numbers and answers as over HTTP. Give its client a `DataCenter(server:)` of the same public address.
///
/// ```swift
/// let cronofy = CronofyApplication(
///     clientID: id, clientSecret: secret, server: DataCenter(server: publicURL),
///     transport: InProcessTransport(services: services, metrics: metrics))
/// ```
public struct InProcessTransport: CronofyTransport {
    private let base: String
    private let authority: String
    private let logger: Logger
    private let responder: RouterResponder<InProcessContext>

    /// - Parameter services: the ones that the server's routes have, so that limits are counted once.
    public init(services: APIServices, metrics: ServerMetrics) {
        (base, logger) = (services.publicURL, services.logger)
        authority = base.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first.map(String.init) ?? ""
        let router = Router(context: InProcessContext.self)
        router.add(middleware: RequestObserver(metrics: metrics, logger: services.logger))
        addAPIRoutes(to: router, services: services)
        responder = router.buildResponder()
    }

    public func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        // Like a connection, a call ends with its task.
        guard !Task.isCancelled else { throw .cancelled }
        guard request.url.hasPrefix(base + "/") else {
            throw .unreachable(reason: "'\(request.url)' is not below \(base)")
        }
        do {
            let context = InProcessContext(source: InProcessContext.Source(logger: logger))
            let response = try await responder.respond(to: message(request), context: context)
            let collector = BodyCollector()
            try await response.body.write(collector)
            return TransportResponse(
                status: response.status.code, headers: Self.texts(response.headers), body: await collector.bytes)
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw .unreachable(reason: "\(error)")
        }
    }

    private func message(_ request: TransportRequest) -> Request {
        var fields = HTTPFields()
        for (name, value) in request.headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let head = HTTPRequest(
            method: HTTPRequest.Method(request.method), scheme: "http", authority: authority,
            path: String(request.url.dropFirst(base.count)), headerFields: fields)
        return Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: request.body)))
    }

    private static func texts(_ fields: HTTPFields) -> [String: String] {
        Dictionary(fields.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { $0 + ", " + $1 })
    }
}

/// What a route knows of a request that came over no connection.
private struct InProcessContext: RequestContext {
    struct Source: RequestContextSource { let logger: Logger }

    var coreContext: CoreRequestContextStorage

    init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }
}

/// An answer's body in one piece.
private actor BodyCollector: ResponseBodyWriter {
    private(set) var bytes: [UInt8] = []

    func write(_ buffer: ByteBuffer) async throws { bytes += buffer.readableBytesView }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension HTTPRequest.Method {
    fileprivate init(_ method: TransportRequest.Method) {
        switch method {
        case .get: self = .get
        case .post: self = .post
        case .delete: self = .delete
        }
    }
}
