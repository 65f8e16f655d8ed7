/// What zone names in calendars may mean (the forms seen are listed in docs/standards.md).
enum ZoneSpelling {
    /// Names to look up, best first.
    static func candidates(for name: String) -> [String] {
        let text = trimmed(name)
        guard !text.isEmpty, text.utf8.count <= 255 else { return [] }
        if let utc = utcSpelling(text) { return [utc] }
        var found = [text]
        if let windows = WindowsZones.names[text] { found.append(windows) }
        if let display = displayName(text) { found.append(display) }
        found += withoutPrefix(text)
        if !text.contains("/") { found.append(text.split(separator: " ").joined(separator: "_")) }
        return found.filter(isPlain)
    }

    /// Made of what zone names are made of, so that it names a file below the database and nothing else.
    static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, first != UInt8(ascii: "/"), first != UInt8(ascii: ".") else { return false }
        let isNamed = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte & 0xdf) || "/_+-".utf8.contains(byte)
        }
        return isNamed
            && !["posix", "right", "posixrules", "localtime"].contains(
                name.split(separator: "/").first.map(String.init))
    }

    private static func utcSpelling(_ text: String) -> String? {
        let upper = text.uppercased()
        let known: Set<String> = [
            "Z", "UTC", "GMT", "ETC/UTC", "ETC/GMT", "TZONE://MICROSOFT/UTC", "(UTC) COORDINATED UNIVERSAL TIME",
            "COORDINATED UNIVERSAL TIME", "UCT", "ZULU",
        ]
        return known.contains(upper) ? "Etc/UTC" : nil
    }

    /// `/vendor.example/20050126_1/Europe/Berlin` and the like: the last two or three parts, then the last one.
    private static func withoutPrefix(_ text: String) -> [String] {
        let parts = text.split(separator: "/").map(String.init)
        guard text.hasPrefix("/") else { return [] }
        var names: [String] = []
        for count in [3, 2, 1] where count <= parts.count {
            let name = parts.suffix(count).joined(separator: "/")
            if let windows = WindowsZones.names[name] {
                names.append(windows)
            } else if count > 1 || name.uppercased() == "UTC" {
                names.append(name)
            }
        }
        return names
    }

    /// `(UTC+01:00) Amsterdam, Berlin, …`: Windows' display names, by the cities that stand in them. Only those whose
    /// first city decides the zone alone.
    private static func displayName(_ text: String) -> String? {
        guard text.hasPrefix("("), let close = text.firstIndex(of: ")") else { return nil }
        let cities = trimmed(String(text[text.index(after: close)...]))
        let first = cities.split(separator: ",").first.map { trimmed(String($0)) } ?? cities
        return displayCities[first]
    }

    private static let displayCities = [
        "Amsterdam": "Europe/Amsterdam", "Brussels": "Europe/Brussels", "Belgrade": "Europe/Belgrade",
        "Sarajevo": "Europe/Sarajevo", "Dublin": "Europe/Dublin", "Athens": "Europe/Athens",
        "Helsinki": "Europe/Helsinki", "Istanbul": "Europe/Istanbul", "Cairo": "Africa/Cairo",
        "Jerusalem": "Asia/Jerusalem", "Moscow": "Europe/Moscow", "Abu Dhabi": "Asia/Dubai", "Chennai": "Asia/Kolkata",
        "Kathmandu": "Asia/Kathmandu", "Bangkok": "Asia/Bangkok", "Beijing": "Asia/Shanghai",
        "Perth": "Australia/Perth",
        "Osaka": "Asia/Tokyo", "Seoul": "Asia/Seoul", "Adelaide": "Australia/Adelaide", "Darwin": "Australia/Darwin",
        "Brisbane": "Australia/Brisbane", "Canberra": "Australia/Sydney", "Hobart": "Australia/Hobart",
        "Auckland": "Pacific/Auckland", "Arizona": "America/Phoenix", "Eastern Time (US & Canada)": "America/New_York",
        "Central Time (US & Canada)": "America/Chicago", "Mountain Time (US & Canada)": "America/Denver",
        "Pacific Time (US & Canada)": "America/Los_Angeles", "Atlantic Time (Canada)": "America/Halifax",
        "Newfoundland": "America/St_Johns", "Alaska": "America/Anchorage", "Hawaii": "Pacific/Honolulu",
        "Brasilia": "America/Sao_Paulo", "Santiago": "America/Santiago", "Casablanca": "Africa/Casablanca",
        "Harare": "Africa/Johannesburg",
    ]

    private static func trimmed(_ text: String) -> String {
        var part = text[...]
        while let first = part.first, first == " " || first == "\"" { part.removeFirst() }
        while let last = part.last, last == " " || last == "\"" { part.removeLast() }
        return String(part)
    }
}
