/// The name of a zone as the system's database spells it, such as `Europe/Paris`. Holding one does not promise that the
/// zone exists: ask `ZoneDatabase`.
public struct ZoneID: Hashable, Sendable, CustomStringConvertible {
    public let name: String

    public init(_ name: String) { self.name = name }

    public static let utc = ZoneID("Etc/UTC")
    public var description: String { name }
}
