import Logging

/// Passes on what the HTTP server says, without what it notes of each request: ours have numbers of their own
/// (`RequestID`), and notes that nobody reads cost each request more than its route.
struct ConnectionLog: LogHandler {
    let logger: Logger
    var logLevel: Logger.Level
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    init(logger: Logger) { (self.logger, logLevel) = (logger, logger.logLevel) }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        logger.log(
            level: event.level, event.message, metadata: event.metadata, source: event.source, file: event.file,
            function: event.function, line: event.line)
    }
}
