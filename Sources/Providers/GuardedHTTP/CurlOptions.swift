internal import CCurl
internal import Glibc

/// Says to libcurl what one hop is. Lists stay alive until the run is over.
struct CurlOptions {
    private let handle: EasyHandle
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private(set) var areAllSet = true

    init(_ handle: EasyHandle) { self.handle = handle }

    mutating func apply(_ hop: Hop, pinnedTo addresses: [IPAddress], left: Duration, freshConnection: Bool) {
        let request = hop.request
        check(ap_curl_only_web(handle.raw))
        text(CURLOPT_URL, request.address.description)
        text(CURLOPT_CUSTOMREQUEST, request.method)
        number(CURLOPT_NOSIGNAL, 1)
        number(CURLOPT_FOLLOWLOCATION, 0)
        number(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        text(CURLOPT_PROXY, "")  // none, whatever the environment says
        text(CURLOPT_USERAGENT, hop.settings.userAgent)
        text(CURLOPT_ACCEPT_ENCODING, "gzip, deflate")
        number(CURLOPT_SSL_VERIFYPEER, 1)
        number(CURLOPT_SSL_VERIFYHOST, 2)
        if let file = hop.settings.extraCertificates { text(CURLOPT_CAINFO, file) }
        number(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(min(hop.limits.connect, left)))
        number(CURLOPT_TIMEOUT_MS, Self.milliseconds(left))
        number(CURLOPT_FRESH_CONNECT, freshConnection ? 1 : 0)
        if request.method == "HEAD" { number(CURLOPT_NOBODY, 1) }
        pin(request.address, to: addresses)
        send(request)
        if let (scheme, credential) = hop.password { present(credential, as: scheme) }
    }

    /// The name is kept for TLS and Host; its addresses are those that were judged.
    private mutating func pin(_ address: WebAddress, to addresses: [IPAddress]) {
        guard IPAddress(address.host) == nil else { return }
        let targets = addresses.map { if case .v6 = $0 { "[\($0)]" } else { "\($0)" } }.joined(separator: ",")
        list(CURLOPT_RESOLVE, ["\(address.host):\(address.port):\(targets)"])
    }

    private mutating func send(_ request: FetchRequest) {
        // Without Expect, a body goes out at once instead of waiting a second for old servers.
        list(CURLOPT_HTTPHEADER, request.headers.filter(Self.isClean).map { "\($0.name): \($0.value)" } + ["Expect:"])
        guard let body = request.body else { return }
        number(CURLOPT_POSTFIELDSIZE, body.count)
        let code = body.withUnsafeBytes { bytes in
            // An empty body still needs an address to be copied from.
            bytes.baseAddress.map { ap_curl_set_bytes(handle.raw, CURLOPT_COPYPOSTFIELDS, $0) }
                ?? ap_curl_set_text(handle.raw, CURLOPT_COPYPOSTFIELDS, "")
        }
        check(code)
    }

    private mutating func present(_ credential: Credential, as scheme: PasswordScheme) {
        number(CURLOPT_HTTPAUTH, scheme == .basic ? ap_curlauth_basic() : ap_curlauth_digest())
        text(CURLOPT_USERNAME, credential.user)
        text(CURLOPT_PASSWORD, credential.password.revealed)
    }

    /// A header can't smuggle in another one.
    private static func isClean(_ header: Header) -> Bool {
        (header.name + header.value).utf8.allSatisfy { $0 >= 0x20 || $0 == 0x09 }
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, rest) = duration.components
        return max(1, Int(min(seconds, 86_400)) * 1000 + Int(rest / 1_000_000_000_000_000))
    }

    private mutating func text(_ option: CURLoption, _ value: String) {
        check(ap_curl_set_text(handle.raw, option, value))
    }

    private mutating func number(_ option: CURLoption, _ value: Int) {
        check(ap_curl_set_long(handle.raw, option, value))
    }

    private mutating func list(_ option: CURLoption, _ lines: [String]) {
        var first: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(first, line) else {
                areAllSet = false
                return
            }
            first = longer
        }
        guard let first else { return }
        lists.append(first)
        check(ap_curl_set_list(handle.raw, option, first))
    }

    private mutating func check(_ code: CURLcode) { if code != CURLE_OK { areAllSet = false } }
}

// MARK: - Callbacks

extension CurlOptions {
    /// Has libcurl report to `transfer`, which must outlive `perform`.
    mutating func connect(_ transfer: Transfer) {
        let target = Unmanaged.passUnretained(transfer).toOpaque()
        check(
            ap_curl_set_write(handle.raw, CURLOPT_WRITEFUNCTION) { bytes, size, count, target in
                CurlOptions.pass(bytes, size, count, target) { $0.receive(body: $1) }
            })
        check(ap_curl_set_pointer(handle.raw, CURLOPT_WRITEDATA, target))
        check(
            ap_curl_set_write(handle.raw, CURLOPT_HEADERFUNCTION) { bytes, size, count, target in
                CurlOptions.pass(bytes, size, count, target) { $0.receive(header: $1) }
            })
        check(ap_curl_set_pointer(handle.raw, CURLOPT_HEADERDATA, target))
        check(
            ap_curl_set_opensocket(handle.raw) { target, _, address in
                guard let target, let address else { return CURL_SOCKET_BAD }
                return Unmanaged<Transfer>.fromOpaque(target).takeUnretainedValue().openSocket(for: address)
            })
        check(ap_curl_set_pointer(handle.raw, CURLOPT_OPENSOCKETDATA, target))
        check(
            ap_curl_set_progress(handle.raw) { target, _, _, _, _ in
                guard let target else { return 1 }
                return Unmanaged<Transfer>.fromOpaque(target).takeUnretainedValue().mayContinue() ? 0 : 1
            })
        check(ap_curl_set_pointer(handle.raw, CURLOPT_XFERINFODATA, target))
        number(CURLOPT_NOPROGRESS, 0)
    }

    func perform() -> CURLcode {
        defer { lists.forEach { curl_slist_free_all($0) } }
        return curl_easy_perform(handle.raw)
    }

    private static func pass(
        _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ target: UnsafeMutableRawPointer?,
        _ receive: (Transfer, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let target else { return 0 }
        let length = size * count  // libcurl hands over at most one buffer: size is 1
        let transfer = Unmanaged<Transfer>.fromOpaque(target).takeUnretainedValue()
        let isAccepted = receive(transfer, UnsafeRawBufferPointer(start: bytes, count: length))
        // Any other number than the length stops the transfer; an empty piece needs one that differs from 0.
        return isAccepted ? length : Int(CURL_WRITEFUNC_ERROR)
    }
}
