public import Logging
public import ServiceLifecycle

/// Writes the request log now and then, and forgets what is old.
public struct RequestLogWriter: Service {
    private let log: RequestLog
    private let logger: Logger
    private let pause: @Sendable (Duration) async -> Void

    public init(log: RequestLog, logger: Logger, pause: @escaping @Sendable (Duration) async -> Void) {
        (self.log, self.logger, self.pause) = (log, logger, pause)
    }

    private static let roundsPerPrune = 3600

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var round = 0
            while !Task.isCancelled {
                await pause(.seconds(1))
                do {
                    try await log.flush()
                    if round % Self.roundsPerPrune == 0 { try await log.prune() }
                } catch { logger.warning("requests were not logged", metadata: ["error": "\(error)"]) }
                round = (round + 1) % Self.roundsPerPrune
            }
        }
    }
}
