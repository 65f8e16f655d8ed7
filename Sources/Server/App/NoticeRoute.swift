import CronofySigning
import HTTPTypes
import Hummingbird
import Integrations
import NIOCore

extension HTTPField.Name {
    /// A token (RFC 9110 §5.1), so that the fallback is never used.
    fileprivate static let noticeSignature = HTTPField.Name(NotificationSignature.headerName) ?? .authorization
}

/// `POST /guides/notices/{key}`: where platforms tell that a guide's calendar changed. 200 once it is written down; 403
/// for a wrong signature and an unknown address alike; 413 for more than a notice can be.
func addNoticeRoute(to router: Router<some RequestContext>, door: NotificationDoor) {
    router.post("\(GuideCalendarParts.noticePath){key}") { request, context in
        let body: ByteBuffer
        do { body = try await request.body.collect(upTo: 65_536) } catch { return Response(status: .contentTooLarge) }
        let answer = try await door.receive(
            body: Array(body.readableBytesView), signature: request.headers[.noticeSignature],
            channelKey: context.parameters.get("key") ?? "")
        return Response(status: answer == .taken ? .ok : .forbidden)
    }
}
