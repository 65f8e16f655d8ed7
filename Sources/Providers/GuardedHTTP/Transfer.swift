internal import CCurl
internal import Glibc

/// The state of one run of libcurl: what its callbacks have seen, and why one of them stopped it.
///
/// Lives on one thread from `perform` to `answer`; the callbacks get it as their user data and run on that thread.
final class Transfer {
    private let hop: Hop
    private let admitted: [IPAddress]
    private let flag: CancellationFlag
    private let started = ContinuousClock.now
    private var firstByteAt: ContinuousClock.Instant?
    private var connectedAt: ContinuousClock.Instant?
    private var handle: EasyHandle?
    private var headers: [Header] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var stop: FetchFailure?
    /// The rest of the body was left unread.
    private var isCut = false

    init(_ hop: Hop, admitted: [IPAddress], flag: CancellationFlag) {
        (self.hop, self.admitted, self.flag) = (hop, admitted, flag)
    }

    func perform(on handle: EasyHandle, freshConnection: Bool) throws(FetchFailure) -> CURLcode {
        let left = hop.deadline - ContinuousClock.now
        guard left > .zero else { throw .timedOut(.whole) }
        self.handle = handle
        var options = CurlOptions(handle)
        options.apply(hop, pinnedTo: admitted, left: left, freshConnection: freshConnection)
        options.connect(self)
        guard options.areAllSet else { throw .notReached }
        defer { curl_easy_reset(handle.raw) }
        let code = options.perform()
        outcome = Outcome(handle)
        return code
    }

    /// What libcurl knows only until the handle is reset.
    private var outcome: Outcome?
    private struct Outcome {
        var status = 0, connections = 0, transferred = 0
        init(_ handle: EasyHandle) {
            ap_curl_get_long(handle.raw, CURLINFO_RESPONSE_CODE, &status)
            ap_curl_get_long(handle.raw, CURLINFO_NUM_CONNECTS, &connections)
            transferred = ap_curl_get_size(handle.raw, CURLINFO_SIZE_DOWNLOAD_T)
        }
    }

    func wasCutOffOnReuse(_ code: CURLcode, _ handle: EasyHandle) -> Bool {
        let cuts = [CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING]
        return stop == nil && headers.isEmpty && cuts.contains(code) && outcome?.connections == 0
    }

    func answer(for code: CURLcode, _ handle: EasyHandle) throws(FetchFailure) -> FetchResponse {
        if let stop { throw stop }
        guard code == CURLE_OK || isCut, let outcome, outcome.status >= 200 else { throw failure(for: code) }
        return FetchResponse(
            status: outcome.status, headers: headers, body: body, address: hop.request.address,
            transferred: outcome.transferred)
    }

    private func failure(for code: CURLcode) -> FetchFailure {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: .notReached
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
            .insecure
        case CURLE_OPERATION_TIMEDOUT:
            // Before the connection stands, only the time to connect can have run out.
            connectedAt == nil && firstByteAt == nil
                ? .notReached : firstByteAt == nil ? .timedOut(.firstByte) : .timedOut(.whole)
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: firstByteAt == nil ? .notReached : .malformedAnswer
        default: .malformedAnswer
        }
    }
}

// MARK: - What libcurl calls

extension Transfer {
    /// Decides about the very address libcurl is about to connect to.
    func openSocket(for address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        // Read in place: an IPv6 address is longer than the field it begins in.
        let field = MemoryLayout<curl_sockaddr>.offset(of: \.addr)
        let target = field.flatMap {
            IPAddress((UnsafeRawPointer(address) + $0).assumingMemoryBound(to: sockaddr.self))
        }
        guard let target, admitted.contains(target) else {
            stop = .addressRefused
            return CURL_SOCKET_BAD
        }
        // Our own number.
        let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, kind, address.pointee.protocol)
    }

    func receive(header line: UnsafeRawBufferPointer) -> Bool {
        if firstByteAt == nil { firstByteAt = .now }
        headerBytes += line.count
        if line.starts(with: "HTTP/".utf8) { (headers, body) = ([], []) }  // after 100 Continue, or a digest's challenge
        guard headerBytes <= hop.limits.headerBytes, headers.count < hop.limits.headerFields else {
            return halt(.malformedAnswer)
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return true }
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        let value = line[(colon + 1)...].drop(while: isSpace)
        let end = value.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? value.startIndex
        headers.append(
            Header(String(decoding: line[..<colon], as: UTF8.self), String(decoding: value[..<end], as: UTF8.self)))
        return true
    }

    func receive(body piece: UnsafeRawBufferPointer) -> Bool {
        guard piece.count <= hop.limits.body - body.count else {
            guard hop.limits.leavesRestUnread else { return halt(.tooLarge) }
            body.append(contentsOf: piece.prefix(hop.limits.body - body.count))
            isCut = true
            return false
        }
        body.append(contentsOf: piece)
        return body.count <= 1_000_000 || isHonestlyCompressed ? true : halt(.tooLarge)
    }

    /// libcurl counts received bytes after handing them over, so one buffer is allowed on top.
    private var isHonestlyCompressed: Bool {
        guard let handle else { return false }
        let received = ap_curl_get_size(handle.raw, CURLINFO_SIZE_DOWNLOAD_T) + Int(CURL_MAX_WRITE_SIZE)
        return body.count / hop.limits.compressionRatio <= received
    }

    /// Called at least once a second while anything is under way.
    func mayContinue() -> Bool {
        if flag.isRaised { return halt(.cancelled) }
        let now = ContinuousClock.now
        if now >= hop.deadline { return halt(connectedAt == nil ? .notReached : .timedOut(.whole)) }
        noteConnection(now)
        guard let firstByteAt else {
            guard let connectedAt, now - connectedAt > hop.limits.firstByte else { return true }
            return halt(.timedOut(.firstByte))
        }
        let passed = now - firstByteAt
        guard passed > hop.limits.paceGrace, let handle else { return true }
        let received = ap_curl_get_size(handle.raw, CURLINFO_SIZE_DOWNLOAD_T)
        let (needed, overflow) = Int(passed.components.seconds).multipliedReportingOverflow(by: hop.limits.slowestPace)
        return !overflow && received >= needed ? true : halt(.timedOut(.pace))
    }

    private func noteConnection(_ now: ContinuousClock.Instant) {
        guard connectedAt == nil, let handle else { return }
        // Microseconds until the request could be sent; stays 0 until then (CURLINFO_PRETRANSFER_TIME_T).
        if ap_curl_get_size(handle.raw, CURLINFO_PRETRANSFER_TIME_T) > 0 { connectedAt = now }
    }

    private func halt(_ reason: FetchFailure) -> Bool {
        stop = stop ?? reason
        return false
    }
}
