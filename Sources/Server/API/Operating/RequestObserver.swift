import Accounts
import HTTPTypes
public import Hummingbird
public import Logging

/// Outermost: gives each request a number, counts its answer, and logs one line that names the route and never the path,
/// since paths and queries may hold tokens. What fails unforeseen becomes an answer with that number.
public struct RequestObserver<Context: RequestContext>: RouterMiddleware {
    private let metrics: ServerMetrics
    private let logger: Logger

    public init(metrics: ServerMetrics, logger: Logger) { (self.metrics, self.logger) = (metrics, logger) }

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let id = "req_" + Crypto.token(16)
        let began = ContinuousClock.now
        return try await RequestID.$current.withValue(id) {
            var response: Response
            do { response = try await next(request, context) } catch let error as any HTTPResponseError {
                response = try error.response(from: request, context: context)
            } catch {
                logger.error("a request failed", metadata: ["error": "\(error)"])
                response = APIResponder.message(
                    .internalServerError, "internal_error", "something went wrong here; its number is \(id)")
            }
            if let name = RequestID.header { response.headers[name] = id }
            let took = ContinuousClock.now - began
            metrics.answered(response.status.code, took: took)
            logger.info(
                "answered",
                metadata: [
                    "method": "\(request.method.rawValue.prefix(16))", "route": "\(context.endpointPath ?? "none")",
                    "status": "\(response.status.code)", "ms": "\(took.milliseconds)",
                ])
            return response
        }
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
