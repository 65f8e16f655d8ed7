extension ZoneID {
    /// The Windows name whose default zone this is, for providers that know zones by these; nil where there is none.
    public var windowsName: String? { Self.windowsNames[name] }

    /// Of two names for one zone the earlier one in the alphabet is the retired one (`Kamchatka`, `Mid-Atlantic`).
    private static let windowsNames = Dictionary(WindowsZones.names.map { ($0.value, $0.key) }) { max($0, $1) }
}
