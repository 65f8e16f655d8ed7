/// A word of the API whose list may grow: known words have names, unknown ones are kept as they came.
public protocol OpenValue: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral where RawValue == String {
    init(rawValue: String)
}

extension OpenValue {
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}
