/// Opens the calendars of somebody else, as a piece of work asks for.
public protocol DelegatedOpening: Sendable {
    /// - Parameter payload: the work's own.
    func open(_ payload: String) async throws -> DelegatedOutcome
}

public enum DelegatedOutcome: Hashable, Sendable {
    /// The application knows, one way or the other.
    case done
    /// Worth trying again.
    case failed(reason: String)
}
