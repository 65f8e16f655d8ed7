import Accounts
import HTTPTypes
import Hummingbird
import Logging
import StorageKit

/// Takes a request through the checks that every page shares, in this order: size, session, where a form came from,
/// permission. Failures become pages.
struct PageResponder: Sendable {
    let services: WebServices
    let pages: PageRenderer
    let cookie: SessionCookie

    init(services: WebServices, pages: PageRenderer) {
        (self.services, self.pages) = (services, pages)
        cookie = SessionCookie(publicURL: services.publicURL)
    }

    func respond(to request: Request, context: some RequestContext, route: PageRoute) async -> Response {
        var visit = Visit(method: request.method, path: request.uri.path, headers: request.headers)
        let peer = (context as? any RemoteAddressRequestContext)?.remoteAddress?.ipAddress
        visit.network = services.networks.name(peer: peer, headers: request.headers)
        let answer: Answer
        do {
            visit.query = FormValues(urlEncoded: request.uri.query ?? "")
            for (name, value) in context.parameters {
                visit.parameters[String(name)] = PercentCoding.decode(value.utf8, plusIsSpace: false)
            }
            try await identify(&visit)
            if route.method == .post {
                try await readForm(of: request, into: &visit, limit: route.limit)
                try check(visit, authority: request.head.authority, access: route.access)
            }
            try permit(visit, route.access)
            answer = try await route.answer(visit)
        } catch let failure as PageFailure {
            answer = pages.failure(failure, for: visit)
        } catch StorageError.unavailable, StorageError.busy {
            answer = pages.failure(.unavailable, for: visit)
        } catch StorageError.full {
            answer = pages.failure(.storageFull, for: visit)
        } catch {
            // The route's pattern, never its path: a path may hold a token.
            context.logger.error(
                "page failed", metadata: ["route": "\(route.path)", "error": "\(String(reflecting: error))"])
            answer = pages.failure(.failed, for: visit)
        }
        return Response(answer)
    }

    private func identify(_ visit: inout Visit) async throws {
        // Whoever is signed in stays so beside the person that linking remembers.
        for name in [cookie.name, cookie.personName] {
            guard let token = SessionCookie.value(of: name, in: visit.headers),
                let session = try await services.signIns.session(token)
            else { continue }
            if visit.session == nil { (visit.session, visit.sessionToken) = (session, token) }
            if case .owner(let account) = session.role { visit.person = account }
        }
    }

    private func readForm(of request: Request, into visit: inout Visit, limit: Int) async throws {
        // Only compared with.
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
            throw PageFailure.tooLarge(limit: limit)
        }
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= limit else { throw PageFailure.tooLarge(limit: limit) }
            bytes += part.readableBytesView
        }
        let type = request.headers[.contentType] ?? ""
        if let boundary = MultipartForm.boundary(of: type) {
            do {
                let form = try MultipartForm(bytes, boundary: boundary)
                (visit.form, visit.upload) = (form.values, form.upload)
            } catch { throw PageFailure.malformed }
        } else if type.lowercased().hasPrefix("application/x-www-form-urlencoded") {
            visit.form = FormValues(urlEncoded: String(decoding: bytes, as: UTF8.self))
        } else {
            throw PageFailure.malformed
        }
    }

    /// That the form is our own, for this visitor.
    private func check(_ visit: Visit, authority: String?, access: PageRoute.Access) throws {
        guard RequestOrigin.fits(visit.headers, publicURL: services.publicURL, authority: authority) else {
            throw PageFailure.foreignForm
        }
        var expected = [visit.session?.formToken].compactMap { $0 }
        if case .everyone = access {
            // Where nobody is signed in the cookie that came with the form takes the session's place.
            expected += [SessionCookie.value(of: cookie.signInName, in: visit.headers)].compactMap {
                $0.map(services.signIns.formToken(for:))
            }
        } else if expected.isEmpty {
            throw PageFailure.signInNeeded
        }
        guard let sent = visit.form.exact("form_token"),
            expected.contains(where: { Crypto.equal(Array($0.utf8), Array(sent.utf8)) })
        else { throw PageFailure.foreignForm }
    }

    private func permit(_ visit: Visit, _ access: PageRoute.Access) throws {
        if case .everyone = access { return }
        guard let session = visit.session else { throw PageFailure.signInNeeded }
        switch access {
        case .everyone, .signedIn: return
        case .operatorOnly: if session.role != .operator { throw PageFailure.notFound }
        case .account:
            guard session.role.sees(AccountID(try visit.parameter("account"))) else { throw PageFailure.notFound }
        }
    }
}
