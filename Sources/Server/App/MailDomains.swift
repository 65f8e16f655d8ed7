import GuardedHTTP
import Web

/// What mail domains publish, by the system's resolver, while people wait: no longer than a few seconds.
struct MailDomains: MailDomainLooking {
    static let patience = Duration.seconds(4)

    func mailHosts(of domain: String) async -> [String] {
        guard Self.isName(domain) else { return [] }
        return await Self.hurried { await ServiceLookup.mailHosts(of: domain) } ?? []
    }

    func calendarHost(of domain: String) async -> String? {
        guard Self.isName(domain) else { return nil }
        return await Self.hurried { await ServiceLookup.find("_caldavs._tcp", in: domain)?.host } ?? nil
    }

    /// Letters, digits, hyphens and dots (RFC 1123 §2.1).
    static func isName(_ domain: String) -> Bool {
        (3...253).contains(domain.utf8.count) && domain.contains(".")
            && domain.utf8.allSatisfy {
                (48...57).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            }
    }

    /// The answer, or nil where it does not come in time; the look itself ends by the resolver's own limits.
    private static func hurried<T: Sendable>(_ look: @escaping @Sendable () async -> T) async -> T? {
        let answers = AsyncStream<T?> { continuation in
            Task {
                continuation.yield(await look())
                continuation.finish()
            }
            Task {
                // Cancelled or not, the wait is over.
                // Cancelled: the look-up came first, and there is nothing more to wait for.
                do { try await Task.sleep(for: patience) } catch {}
                continuation.yield(nil)
                continuation.finish()
            }
        }
        for await answer in answers { return answer }
        return nil
    }
}
