internal import CCurl

/// One connection to a mail server, from hello to quit. Lives on the thread that runs it; libcurl's callbacks get it as
/// their user data there.
final class SMTPExchange {
    private let server: MailServer
    private let from: MailAddress
    private let to: MailAddress?
    private let message: [UInt8]
    private var position = 0
    /// What the server said, line by line; the last few are kept.
    private var replies: [String] = []
    private var replyCount = 0

    /// - Parameter to: nil: only whether the server lets us in.
    init(_ server: MailServer, from: MailAddress, to: MailAddress? = nil, message: [UInt8] = []) {
        (self.server, self.from, self.to, self.message) = (server, from, to, message)
    }

    func perform(connectTime: Int, wholeTime: Int) -> MailOutcome {
        guard let handle = curl_easy_init() else { return .later("libcurl does not start") }
        defer { curl_easy_cleanup(handle) }
        var receivers: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(receivers) }
        if let to { receivers = curl_slist_append(nil, "<\(to)>") }
        var codes = [
            ap_curl_only_mail(handle),
            ap_curl_set_text(handle, CURLOPT_URL, server.url(hello: from.domain)),
            ap_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            ap_curl_set_text(handle, CURLOPT_PROXY, ""),  // none, whatever the environment says
            ap_curl_set_long(handle, CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
            ap_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
            ap_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
            ap_curl_set_long(
                handle, CURLOPT_USE_SSL,
                Int((server.security == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL).rawValue)),
            ap_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, connectTime),
            ap_curl_set_long(handle, CURLOPT_TIMEOUT_MS, wholeTime),
        ]
        if let login = server.login {
            codes.append(ap_curl_set_text(handle, CURLOPT_USERNAME, login.user))
            codes.append(ap_curl_set_text(handle, CURLOPT_PASSWORD, login.password))
        }
        if let file = server.certificates { codes.append(ap_curl_set_text(handle, CURLOPT_CAINFO, file)) }
        if let receivers {
            codes.append(ap_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(from)>"))
            codes.append(ap_curl_set_list(handle, CURLOPT_MAIL_RCPT, receivers))
            codes.append(ap_curl_set_long(handle, CURLOPT_UPLOAD, 1))
        } else {
            codes.append(ap_curl_set_long(handle, CURLOPT_CONNECT_ONLY, 1))
        }
        codes += connect(handle)
        guard codes.allSatisfy({ $0 == CURLE_OK }) else { return .later("libcurl does not know a setting") }
        return outcome(of: curl_easy_perform(handle))
    }

    private func connect(_ handle: UnsafeMutableRawPointer) -> [CURLcode] {
        let target = Unmanaged.passUnretained(self).toOpaque()
        return [
            ap_curl_set_write(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, target in
                guard let target else { return 0 }
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)  // one buffer at most
                Unmanaged<SMTPExchange>.fromOpaque(target).takeUnretainedValue().hear(line)
                return size * count
            },
            ap_curl_set_pointer(handle, CURLOPT_HEADERDATA, target),
            ap_curl_set_write(handle, CURLOPT_READFUNCTION) { bytes, size, count, target in
                guard let target, let bytes else { return 0 }
                let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
                return Unmanaged<SMTPExchange>.fromOpaque(target).takeUnretainedValue().give(room)
            },
            ap_curl_set_pointer(handle, CURLOPT_READDATA, target),
        ]
    }

    private func hear(_ line: UnsafeRawBufferPointer) {
        replyCount += 1
        replies.append(String(decoding: line.prefix(300), as: UTF8.self))
        if replies.count > 8 { replies.removeFirst() }
    }

    private func give(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let piece = message[position...].prefix(room.count)
        room.copyBytes(from: piece)
        position += piece.count
        return piece.count
    }

    private func outcome(of code: CURLcode) -> MailOutcome {
        if code == CURLE_OK { return .taken }
        let said = lastReply
        switch code {
        case CURLE_LOGIN_DENIED: return .later("the mail server refuses the user name or password")
        case CURLE_COULDNT_RESOLVE_HOST: return .later("there is no such mail server")
        case CURLE_COULDNT_CONNECT: return .later("the mail server does not answer")
        case CURLE_OPERATION_TIMEDOUT: return .later("the mail server takes too long")
        case CURLE_USE_SSL_FAILED: return .later("the mail server offers no TLS")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            return .later("the mail server's certificate is not trusted, or TLS failed")
        default: break
        }
        guard let said else { return .later("the connection to the mail server broke off") }
        // 5xx as a greeting is about the server, not about the letter.
        return said.hasPrefix("5") && replyCount > 1 && to != nil ? .refused(said) : .later(said)
    }

    /// What it said last, but for its good-bye, as one printable line; nil where that tells of no failure.
    private var lastReply: String? {
        guard let line = replies.last(where: { !$0.hasPrefix("221") }), line.hasPrefix("4") || line.hasPrefix("5")
        else { return nil }
        return String(line.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.map(Character.init))
    }
}
