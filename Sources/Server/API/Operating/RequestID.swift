public import Logging

/// The number of the request that is being answered: on its answer, and in every line that is logged meanwhile.
public enum RequestID {
    @TaskLocal public static var current: String?

    /// Adds the number to log lines.
    public static let metadata = Logger.MetadataProvider { current.map { ["request": "\($0)"] } ?? [:] }
}
