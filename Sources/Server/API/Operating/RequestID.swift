import HTTPTypes
public import Logging

/// The number of the request that is being answered: on its answer, and in every line that is logged meanwhile.
public enum RequestID {
    @TaskLocal public static var current: String?

    /// Nil only if the letters of the name were none that a name may have.
    static let header = HTTPField.Name("X-Request-Id")

    /// Adds the number to log lines.
    public static let metadata = Logger.MetadataProvider { current.map { ["request": "\($0)"] } ?? [:] }
}
