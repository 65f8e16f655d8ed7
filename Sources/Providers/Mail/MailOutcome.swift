/// What became of one try to hand a letter over.
public enum MailOutcome: Hashable, Sendable {
    /// The server took it, and answers for it from here on.
    case taken
    /// Not now (4xx, no connection, a connection that broke, a wrong password): the same letter is tried again.
    case later(_ reason: String)
    /// Never (5xx to the letter, its sender or its receiver), with what the server said.
    case refused(_ reason: String)
}
