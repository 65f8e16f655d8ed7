internal import CivilTime
internal import HTTPTypes
public import Hummingbird
internal import NIOCore
internal import PageKit
internal import SandboxKit

extension SandboxWorld {
    /// The most that a request's body may hold.
    private static let bodyLimit = 10 << 20

    /// The answer over HTTP. Requests from other sites' pages change nothing, and neither do those that reach this
    /// machine by another name than its own.
    /// - Parameter prefix: what stands in paths before what is meant here, as `/sandbox`.
    public func respond(to request: Request, below prefix: String = "") async -> Response {
        guard isFromHere(request) else {
            return Response(status: .forbidden, body: .init(byteBuffer: ByteBuffer(string: "Not from another site.\n")))
        }
        let body: ByteBuffer
        do { body = try await request.body.collect(upTo: Self.bodyLimit) } catch {
            return Response(status: .contentTooLarge)
        }
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let reply = await reply(
            to: SandboxRequest(
                request.method.rawValue, String((request.head.path ?? "/").dropFirst(prefix.count)), headers: headers,
                body: Array(body.readableBytesView)))
        switch reply {
        case .page(let answer): return Response(answer)
        case .answer(let answer, let isCut): return Self.response(answer, isCut: isCut)
        }
    }

    /// Programs send no `Origin`; a page elsewhere always does where it changes something.
    private func isFromHere(_ request: Request) -> Bool {
        request.method == .get
            || RequestOrigin.fits(request.headers, publicURL: base, authority: request.head.authority)
    }

    private static func response(_ answer: SandboxResponse, isCut: Bool) -> Response {
        var headers: HTTPFields = [:]
        for (name, value) in answer.headers { if let name = HTTPField.Name(name) { headers[name] = value } }
        let status = HTTPResponse.Status(code: answer.status)
        guard isCut else {
            return Response(
                status: status, headers: headers,
                body: answer.body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: answer.body)))
        }
        let half = answer.body.prefix(answer.body.count / 2)
        return Response(
            status: status, headers: headers,
            body: .init(contentLength: answer.body.count + 1) { writer in
                try await writer.write(ByteBuffer(bytes: half))
                throw CutOnPurpose()
            })
    }
}

/// Ends a connection in the middle of an answer.
private struct CutOnPurpose: Error {}
