import CivilTime

/// A TZif file (RFC 9636).
public enum ZoneFileTarget: FuzzTarget {
    public static let name = "tzif"

    public static func check(_ bytes: [UInt8]) throws(FuzzFinding) {
        let zone: Zone
        do { zone = try Zone(id: ZoneID("Fuzz"), tzif: bytes) } catch { return }
        try ZoneChecks.check(zone, onlyChanges: false)
    }
}
