import Foundation

/// An HTTPS server whose certificate is made for 127.0.0.1 and signed by nobody. `/down` redirects to plain http.
public final class TLSServer: Sendable {
    public let port = Loopback.freePort()
    private let folder: URL
    private let process: ChildProcess

    public var certificateFile: String { folder.path + "/certificate.pem" }

    public init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.makeCertificate(in: folder)
        let script = """
            import http.server, ssl, sys
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(302 if self.path == '/down' else 200)
                    if self.path == '/down': self.send_header('Location', 'http://127.0.0.1:1/')
                    self.send_header('Content-Length', '0')
                    self.end_headers()
            server = http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[2] + '/certificate.pem', sys.argv[2] + '/key.pem')
            server.socket = context.wrap_socket(server.socket, server_side=True)
            server.serve_forever()
            """
        process = try ChildProcess(
            "/usr/bin/env", ["python3", "-c", script, "\(port)", folder.path], environment: PythonEnvironment.variables)
        let deadline = ContinuousClock.now + .seconds(30)
        while !Loopback.isOpen(port) {
            guard ContinuousClock.now < deadline else { throw ServerFailure(text: "the TLS server did not start") }
            Pause.seconds(0.02)
        }
    }

    /// A key and a certificate for 127.0.0.1, signed by nobody, as `key.pem` and `certificate.pem`.
    static func makeCertificate(in folder: URL) throws {
        let request = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder.path + "/key.pem", "-out",
            folder.path + "/certificate.pem",
        ]
        guard try ChildProcess("/usr/bin/openssl", request, environment: PythonEnvironment.variables).wait() == 0 else {
            throw ServerFailure(text: "openssl made no certificate")
        }
    }

    public func stop() {
        process.end()
        do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path)") }
    }
}
