import Foundation

/// A real mail server (aiosmtpd) on loopback, which keeps what it takes as files and is as difficult as the local part of
/// a receiver asks: `busy` 451, `never` 550, `full` 552 after the text, `drop` and `drop-late` break off before and after
/// it. Stopped by process id.
public final class MailSink: Sendable {
    public enum Kind: Sendable { case plain, startTLS, signedIn }

    public static let user = "anchor"
    public static let password = "p@ss word"

    public let port = Loopback.freePort()
    private let folder: URL
    private let process: ChildProcess

    public var certificateFile: String { folder.path + "/certificate.pem" }

    public init(_ kind: Kind = .plain) throws {
        try PythonEnvironment.prepare()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if kind != .plain { try TLSServer.makeCertificate(in: folder) }
        process = try ChildProcess(
            PythonEnvironment.interpreter(isOld: false).path,
            ["-c", Self.script, "\(port)", folder.path, "\(kind)", Self.user, Self.password],
            environment: PythonEnvironment.variables)
        let deadline = ContinuousClock.now + .seconds(30)
        while !Loopback.isOpen(port) {
            guard ContinuousClock.now < deadline else { throw ServerFailure(text: "the mail server did not start") }
            Pause.seconds(0.02)
        }
    }

    /// The messages that were taken, in the order of their coming.
    public var messages: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".eml") }.sorted()
                .map { try String(contentsOfFile: folder.path + "/" + $0, encoding: .utf8) }
        }
    }

    /// How often somebody began to send to an address.
    public func tries(to address: String) throws -> Int {
        let file = folder.path + "/tries"
        guard FileManager.default.fileExists(atPath: file) else { return 0 }
        return try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count { $0 == address }
    }

    public func stop() {
        process.end()
        do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path)") }
    }

    private static let script = """
        import asyncio, os, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult
        port, folder, kind, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5]
        count = 0
        class Sink:
            async def handle_RCPT(self, server, session, envelope, address, options):
                with open(folder + '/tries', 'a') as file: file.write(address + '\\n')
                name = address.split('@')[0]
                if name == 'busy': return '451 4.3.0 try again in a minute'
                if name == 'never': return '550 5.1.1 no such mailbox here'
                if name == 'drop': server.transport.abort(); return '250 ok'
                envelope.rcpt_tos.append(address)
                return '250 ok'
            async def handle_DATA(self, server, session, envelope):
                global count
                name = envelope.rcpt_tos[0].split('@')[0]
                if name == 'full': return '552 5.2.2 the mailbox is full'
                if name == 'drop-late': server.transport.abort(); return '250 ok'
                count += 1
                path = '%s/%06d.eml' % (folder, count)
                with open(path + '.part', 'wb') as file: file.write(envelope.content)
                os.rename(path + '.part', path)
                return '250 2.0.0 taken'
        def authenticate(server, session, envelope, mechanism, data):
            good = getattr(data, 'login', b'') == user.encode() and getattr(data, 'password', b'') == password.encode()
            return AuthResult(success=good, handled=False)
        context = None
        if kind != 'plain':
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder + '/certificate.pem', folder + '/key.pem')
        def make():
            return SMTP(Sink(), tls_context=context, require_starttls=context is not None,
                authenticator=authenticate if kind == 'signedIn' else None, auth_required=kind == 'signedIn')
        async def main():
            server = await asyncio.get_running_loop().create_server(make, '127.0.0.1', port)
            await server.serve_forever()
        asyncio.run(main())
        """
}
