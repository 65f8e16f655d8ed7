internal import GuardedHTTP

/// `_caldavs._tcp` of a domain, with the path its TXT record names (RFC 6764 §3, §4).
enum ServiceRecord {
    /// Nil where the domain publishes none, or says that there is no service.
    static func lookUp(_ domain: String) async -> WebAddress? { nil }
}
