import Logging
import Season
import ServiceLifecycle

/// Lets go, again and again, of holds that guests let run out and of questions that guides did not answer. Any number of
/// processes may do it: what is gone already is left alone.
struct SeasonSweep: Service {
    let season: SeasonStore
    let logger: Logger
    let pause: @Sendable (Duration) async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { _ = try await season.sweep() } catch is CancellationError { return } catch {
                    logger.error("the season was not swept", metadata: ["error": "\(error)"])
                }
                await pause(.seconds(30))
            }
        }
    }
}
