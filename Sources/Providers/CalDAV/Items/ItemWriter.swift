internal import GuardedHTTP
internal import ProviderKit

/// Writes and deletes single items, each only over the version the caller has seen.
struct ItemWriter: Sendable {
    let dav: DAVClient
    let collection: Collection
    let failures: CalDAVFailures

    func put(
        _ text: String, at id: RemoteItemID, if precondition: WritePrecondition
    ) async throws(RemoteFailure) -> WriteReceipt {
        let address = try itemAddress(id)
        var headers = [Header("Content-Type", "text/calendar; charset=utf-8")]
        switch precondition {
        case .absent:
            headers.append(Header("If-None-Match", "*"))
            // SOGo and Zimbra ignore the header and overwrite, so it is looked first.
            if try await exists(address) { throw .conflict }
        case .version(let version): headers.append(Header("If-Match", version))
        case .none: break
        }
        let response = try await send("PUT", address, headers, Self.withLineEnds(text))
        return receipt(response, id: id, address: address)
    }

    func delete(_ id: RemoteItemID, ifVersion version: String?) async throws(RemoteFailure) {
        let headers = version.map { [Header("If-Match", $0)] } ?? []
        do { _ = try await send("DELETE", try itemAddress(id), headers, nil) } catch {
            guard error == .gone else { throw error }
        }
    }

    /// Nil version without an ETag: the server keeps something else than was sent (RFC 4791 §5.3.4).
    private func receipt(_ response: FetchResponse, id: RemoteItemID, address: WebAddress) -> WriteReceipt {
        let moved = response["Location"].flatMap { Href.member($0, of: response.address) }.flatMap(collection.itemID)
        return WriteReceipt(id: moved ?? id, version: EntityTag.version(response["ETag"]))
    }

    private func send(
        _ method: String, _ address: WebAddress, _ headers: [Header], _ body: [UInt8]?
    ) async throws(RemoteFailure) -> FetchResponse {
        do {
            let response = try await dav.send(method, address, headers, body)
            switch response.status {
            case 200, 201, 204: return response
            case 202 where method == "DELETE": return response
            case 207:
                let inner = Self.inner(response)
                guard let status = inner.status, [200, 201, 204].contains(status) else { throw inner }
                return response
            case 404 where method == "PUT": throw try await missing(response)
            default: throw DAVError(response)
            }
        } catch let error as DAVError {
            throw failures.writeFailure(for: error)
        } catch { throw .unreachable(reason: "The write could not be finished.") }
    }

    /// Old Xandikos puts a refusal inside a 207: only 200, 201 and 204 are success, there too.
    private static func inner(_ response: FetchResponse) -> DAVError {
        do {
            guard let member = try Multistatus(reading: response).members.first, let status = member.status else {
                return .notProtocol
            }
            return .status(status, conditions: member.conditions, retryAfter: nil)
        } catch { return .notProtocol }
    }

    /// SOGo answers 404 to text it cannot read; without the calendar it means what it says.
    private func missing(_ response: FetchResponse) async throws(DAVError) -> DAVError {
        try await exists(at: collection.address)
            ? .status(400, conditions: [.caldav("valid-calendar-data")], retryAfter: nil) : DAVError(response)
    }

    private func exists(_ address: WebAddress) async throws(RemoteFailure) -> Bool {
        do { return try await exists(at: address) } catch {
            if error.isAboutRequest { return false }  // it can't be asked; the header still guards
            throw failures.failure(for: error)
        }
    }

    private func exists(at address: WebAddress) async throws(DAVError) -> Bool {
        do {
            let members = try await dav.propfind(address, .zero, "<D:getetag/><D:resourcetype/>").0.members
            return members.contains { !$0.isMissing && $0.status ?? 200 < 300 }
        } catch {
            if error.status == 404 || error.status == 410 { return false }
            throw error
        }
    }

    private func itemAddress(_ id: RemoteItemID) throws(RemoteFailure) -> WebAddress {
        do { return try WebAddress(parsing: id.value) } catch {
            throw .refused(status: 0, reason: "The event's address is not one.")
        }
    }

    /// RFC 5545 §3.1 wants CRLF, and some servers insist.
    private static func withLineEnds(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0A, previous != 0x0D { result.append(0x0D) }
            result.append(byte)
            previous = byte
        }
        return result
    }
}
