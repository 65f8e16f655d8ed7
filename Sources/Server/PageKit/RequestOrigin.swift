public import HTTPTypes

/// Whether a request that changes something was sent by a page of this server. Comes on top of the same-site cookie and
/// the form's token.
public enum RequestOrigin {
    /// Pages say `no-referrer`, for which browsers send `Origin: null` with forms (Fetch §3.2): null says nothing, and
    /// the token decides. A browser that sends `Sec-Fetch-Site` has settled it.
    public static func fits(_ headers: HTTPFields, publicURL: String, authority: String?) -> Bool {
        if let site = value("Sec-Fetch-Site", in: headers), site != "same-origin", site != "none" { return false }
        guard let origin = value("Origin", in: headers), origin != "null" else { return true }
        if origin.lowercased() == self.origin(of: publicURL) { return true }
        // Also reached by a name that is not the public one, such as a tunnel's.
        guard let authority, let separator = origin.firstRange(of: "://") else { return false }
        return origin[separator.upperBound...].lowercased() == authority.lowercased()
    }

    /// Scheme and authority of a URL.
    public static func origin(of url: String) -> String {
        guard let separator = url.firstRange(of: "://") else { return url.lowercased() }
        let authority = url[separator.upperBound...].prefix { $0 != "/" }
        return (url[..<separator.upperBound] + authority).lowercased()
    }

    private static func value(_ name: String, in headers: HTTPFields) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }
}
