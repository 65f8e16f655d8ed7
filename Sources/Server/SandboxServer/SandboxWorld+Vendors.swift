internal import CivilTime
internal import CronofyWire
internal import PageKit
internal import SandboxKit

/// What is sent: a vendor's answer, perhaps broken on purpose, or a page.
enum SandboxReply: Sendable {
    case answer(SandboxResponse, isCut: Bool)
    case page(Answer)
}

extension SandboxWorld {
    /// The answer to a request whose path begins below the vendor's name.
    func answer(_ request: SandboxRequest, at vendor: any SandboxVendor) async -> SandboxReply {
        let purpose = vendor.purpose(of: request)
        let session = vendor.identity.session(request.bearer)
        var isCut = false
        if let fault = faults.next(vendor: vendor.name, person: session?.person, purpose: purpose, path: request.path) {
            switch fault {
            case .status(let status, let reason, let retryAfter):
                let headers = retryAfter.map { ["retry-after": $0] } ?? [:]
                return .answer(vendor.refusal(status: status, reason: reason, headers: headers), isCut: false)
            case .html: return .answer(.sorry, isCut: false)
            case .slow(let milliseconds):
                // A client that goes away ends the wait, and then gets no answer anyway.
                do { try await Task.sleep(for: .milliseconds(milliseconds)) } catch {
                    return .answer(.sorry, isCut: true)
                }
            case .cut: isCut = true
            }
        }
        switch purpose {
        case .authorize: return consentPage(request, vendor)
        case .token: return .answer(token(request, vendor), isCut: isCut)
        case .revoke: return .answer(revoke(request, vendor), isCut: isCut)
        case .userInfo, .tokenInfo:
            let named = request.parameter("access_token") ?? request.form["access_token"]
            guard let session = session ?? vendor.identity.session(named) else {
                return .answer(
                    purpose == .tokenInfo
                        ? vendor.refusal(.invalidRequest("Invalid Value"))
                        : vendor.refusal(status: 401, reason: nil, headers: [:]), isCut: isCut)
            }
            return .answer(vendor.description(of: session, purpose), isCut: isCut)
        case .calendar: return .answer(await calendar(request, vendor, session), isCut: isCut)
        case .unknown: return .answer(vendor.refusal(status: 404, reason: nil, headers: [:]), isCut: isCut)
        }
    }

    private func calendar(_ request: SandboxRequest, _ vendor: any SandboxVendor, _ session: IdentityDesk.Session?)
        async
        -> SandboxResponse
    {
        guard let session, let person = vendor.person(session.person) else {
            return vendor.refusal(
                status: 401, reason: nil,
                headers: ["www-authenticate": "Bearer realm=\"provider-sandbox\", error=\"invalid_token\""])
        }
        guard vendor.covers(session.scopes, request) else {
            return vendor.refusal(status: 403, reason: vendor.missingScope, headers: [:])
        }
        for handshake in vendor.handshakes(of: request) {
            guard await pushes.answers(handshake) else {
                return vendor.refusal(status: 400, reason: "ValidationError", headers: [:])
            }
        }
        let answer = person.serve(request)
        await tell(of: person, at: vendor)
        return answer
    }

    /// Sends what happened since to those who watch.
    func tell(of person: any SandboxPerson, at vendor: any SandboxVendor) async {
        await pushes.send(person.takePushes(), vendor: vendor.name, person: person.address)
    }

    private func token(_ request: SandboxRequest, _ vendor: any SandboxVendor) -> SandboxResponse {
        guard request.method == "POST" else { return vendor.refusal(.invalidRequest("POST is expected")) }
        do {
            var answer = SandboxResponse(
                200, try vendor.identity.token(request.form, authorization: request.headers["authorization"]))
            // RFC 6749 §5.1.
            answer.headers["cache-control"] = "no-store"
            return answer
        } catch { return vendor.refusal(error) }
    }

    private func revoke(_ request: SandboxRequest, _ vendor: any SandboxVendor) -> SandboxResponse {
        guard let token = request.form["token"] ?? request.parameter("token"), vendor.identity.revoke(token) else {
            return SandboxResponse(
                400,
                .object([
                    "error": .string("invalid_token"), "error_description": .string("Token expired or revoked"),
                ]))
        }
        return SandboxResponse(200, .object([:]))
    }
}

extension SandboxResponse {
    /// As a proxy in between would answer.
    fileprivate static var sorry: SandboxResponse {
        var response = SandboxResponse(200)
        response.headers["content-type"] = "text/html"
        response.body = Array("<!doctype html><title>Sorry</title><p>Something went wrong.".utf8)
        return response
    }
}
