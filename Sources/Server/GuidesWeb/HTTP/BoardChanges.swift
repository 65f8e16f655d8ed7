import HTTPTypes
import Hummingbird
import NIOCore
import PageKit
import Season
import Trips

/// `…/board/changes`: server-sent events (WHATWG HTML §9.2) that say that the board changed, and nothing of what. The
/// stamp is looked at once a second; a stream ends after five minutes, and the browser opens the next.
func addBoardChanges<Context: RequestContext>(
    to router: Router<Context>, services: GuidesServices, responder: GuideResponder
) {
    router.get("/guides/services/{service}/board/changes") { request, context -> Response in
        guard let service = await responder.service(of: request, context: context, for: .office) else {
            return Response(status: .notFound)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                var last = try await services.store.versions(of: service).stamp
                try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                for second in 1...300 {
                    await services.pause(.seconds(1))
                    if Task.isCancelled { break }
                    let stamp = try await services.store.versions(of: service).stamp
                    if stamp != last {
                        last = stamp
                        try await writer.write(ByteBuffer(string: "event: changed\ndata: \(stamp)\n\n"))
                    } else if second % 15 == 0 {
                        // A comment, so that whoever stands between does not give up.
                        try await writer.write(ByteBuffer(string: ":\n\n"))
                    }
                }
                try await writer.finish(nil)
            })
    }
}
