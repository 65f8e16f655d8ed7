internal import CCurl

/// Where a domain says that a service is (RFC 2782), with the path its TXT record names (RFC 6764 §4).
public struct ServiceLocation: Hashable, Sendable {
    public let host: String
    public let port: UInt16
    public let path: String?
}

/// Asks the system's resolver for service records. What it finds is a hint: the address is judged like any other.
public enum ServiceLookup {
    /// The preferred location of `service` (`_caldavs._tcp`) in `domain`; nil where none is published, or where the
    /// domain says that it has none (target `.`, RFC 2782).
    public static func find(_ service: String, in domain: String) async -> ServiceLocation? {
        await withCheckedContinuation { continuation in
            let isRunning = BlockingThread.run { continuation.resume(returning: ask(service + "." + domain)) }
            if !isRunning { continuation.resume(returning: nil) }
        }
    }

    /// Where `domain` takes its mail (RFC 5321 §5.1), preferred first; none where it does not say.
    public static func mailHosts(of domain: String) async -> [String] {
        await withCheckedContinuation { continuation in
            let isRunning = BlockingThread.run {
                let records = DNSAnswer(query(domain, .mail)).records.filter { $0.kind == .mail }
                let sorted = records.sorted { $0.number(at: 0) < $1.number(at: 0) }
                continuation.resume(returning: sorted.compactMap { $0.name(at: 2) }.filter { !$0.isEmpty })
            }
            if !isRunning { continuation.resume(returning: []) }
        }
    }

    private static func ask(_ name: String) -> ServiceLocation? {
        let records = DNSAnswer(query(name, .service)).records.compactMap(ServiceRecordData.init)
        // The lowest priority first; among equals the heaviest (RFC 2782 would draw lots; one client needs no balance).
        let best = records.min { ($0.priority, $1.weight) < ($1.priority, $0.weight) }
        guard let best, !best.host.isEmpty else { return nil }
        let texts = DNSAnswer(query(name, .text)).records.flatMap(\.strings)
        let path = texts.first { $0.lowercased().hasPrefix("path=/") }.map { String($0.dropFirst(5)) }
        return ServiceLocation(host: best.host, port: best.port, path: path)
    }

    private static func query(_ name: String, _ type: DNSAnswer.Kind) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_535)
        // Our own numbers.
        let length = ap_dns_query(name, Int32(type.rawValue), &buffer, Int32(buffer.count))
        return length > 0 ? Array(buffer.prefix(Int(length))) : []
    }
}

/// An SRV record's data (RFC 2782).
struct ServiceRecordData: Hashable, Sendable {
    let priority, weight, port: UInt16
    let host: String

    init?(_ record: DNSAnswer.Record) {
        guard record.kind == .service, record.data.count >= 7, let host = record.name(at: 6) else { return nil }
        (priority, weight, port) = (record.number(at: 0), record.number(at: 2), record.number(at: 4))
        self.host = host
    }
}
