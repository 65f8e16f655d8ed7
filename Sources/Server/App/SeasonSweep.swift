import Integrations
import Logging
import Season
import ServiceLifecycle

/// Lets go, again and again, of holds that guests let run out and of questions that guides did not answer, and tells of
/// calendars that are cut off. Any number of processes may do it: what is gone or told already is left alone.
struct SeasonSweep: Service {
    let season: SeasonStore
    let cuts: CutLetters
    let logger: Logger
    let pause: @Sendable (Duration) async -> Void

    /// With the poll of links, every 4 minutes, what is cut off is told within 5.
    static let every = Duration.seconds(30)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    _ = try await season.sweep()
                    try await cuts.tell()
                } catch is CancellationError { return } catch {
                    logger.error("the season was not swept", metadata: ["error": "\(error)"])
                }
                await pause(Self.every)
            }
        }
    }
}
