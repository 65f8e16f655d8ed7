/// A place in degrees (RFC 5545 §3.8.1.6), in the digits it came with.
public struct GeoPoint: Hashable, Sendable {
    /// From -90 to 90, north positive.
    public let latitude: String
    /// From -180 to 180, east positive.
    public let longitude: String

    /// Nil where either is no decimal number within its range.
    public init?(latitude: String, longitude: String) {
        guard Self.isDecimal(latitude, within: 90), Self.isDecimal(longitude, within: 180) else { return nil }
        (self.latitude, self.longitude) = (latitude, longitude)
    }

    /// `48.8566;2.3522`.
    public init?(parsing text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        self.init(latitude: parts[0], longitude: parts[1])
    }

    public var text: String { latitude + ";" + longitude }

    private static func isDecimal(_ text: String, within bound: Double) -> Bool {
        guard text.utf8.count <= 24, text.utf8.allSatisfy({ (48...57).contains($0) || "+-.".utf8.contains($0) }),
            let number = Double(text)
        else { return false }
        return abs(number) <= bound
    }
}
