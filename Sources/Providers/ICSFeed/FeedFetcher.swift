internal import GuardedHTTP
internal import ProviderKit

/// Gets the file, unless the server says that it is still the one we know.
struct FeedFetcher: Sendable {
    let address: WebAddress
    let client: GuardedClient

    struct Answer: Sendable {
        /// Nil where nothing changed.
        let file: FeedFile?
        let entityTag: String?
        let lastModified: String?
        let bytes: Int
    }

    /// Conditional where `cursor` knows a version (RFC 9110 §13.1).
    func fetch(since cursor: FeedCursor?) async throws(RemoteFailure) -> Answer {
        var headers = [Header("Accept", "text/calendar, */*;q=0.5")]
        if let tag = cursor?.entityTag { headers.append(Header("If-None-Match", tag)) }
        if let date = cursor?.lastModified { headers.append(Header("If-Modified-Since", date)) }
        let response: FetchResponse
        do { response = try await client.send(FetchRequest("GET", address, headers: headers)) } catch {
            throw Self.failure(for: error)
        }
        if response.status == 304, let cursor {
            return Answer(file: nil, entityTag: cursor.entityTag, lastModified: cursor.lastModified, bytes: 0)
        }
        guard response.status == 200 else { throw Self.failure(for: response) }
        do {
            return Answer(
                file: try FeedFile(reading: response.body), entityTag: response["ETag"],
                lastModified: response["Last-Modified"], bytes: response.transferred)
        } catch { throw Self.failure(for: error) }
    }

    private static func failure(for failure: FetchFailure) -> RemoteFailure {
        switch failure {
        case .invalidAddress(let fault): .refused(status: 0, reason: fault.sentence)
        default: .unreachable(reason: failure.sentence)
        }
    }

    private static func failure(for response: FetchResponse) -> RemoteFailure {
        switch response.status {
        case 401:
            .authorizationLost(reason: "The calendar's address asks for a password. Use its secret or public address.")
        case 403:
            .refused(
                status: 403, reason: "The calendar's address is no longer shared, or has been replaced by another.")
        case 404, 410: .gone
        case 429, 503: .throttled(retryAfter: response.retryAfter)
        case 400..<500:
            .refused(status: response.status, reason: "The server refused the request (\(response.status)).")
        default: .unreachable(reason: "The server reported an error of its own (\(response.status)).")
        }
    }

    /// None of these says anything about the events: what was read last stands.
    private static func failure(for fault: FeedFile.Fault) -> RemoteFailure {
        switch fault {
        case .empty: .unreachable(reason: "The calendar's address gave an empty answer.")
        case .notCalendar: .unreachable(reason: "The calendar's address gave a page that is no calendar.")
        case .truncated: .unreachable(reason: "The calendar ended in the middle.")
        case .tooManyEvents: .refused(status: 0, reason: "The calendar has more than \(FeedFile.maximumEvents) events.")
        }
    }
}
