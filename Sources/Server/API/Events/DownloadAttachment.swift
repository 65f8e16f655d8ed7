import Events
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// `GET /attachments/{attachment_id}/{name}`: a file that an event links to, for whoever was given the link. To be saved,
/// never shown in place.
enum DownloadAttachment {
    static func addRoute<Context: RequestContext>(to router: Router<Context>, services: APIServices) {
        router.get("/attachments/{attachment_id}/{name}") { _, context in
            do {
                let id = context.parameters.get("attachment_id") ?? ""
                guard let file = try await services.attachments.attachment(id, of: nil) else {
                    return APIResponder.message(.notFound, "not_found", "there is no such file")
                }
                return response(file)
            } catch {
                return APIResponder(services: services).response(to: error)
            }
        }
    }

    private static func response(_ file: StoredAttachment) -> Response {
        // Letters beyond ASCII are escaped (RFC 8187), and nothing else of the name could break the field.
        let name = file.fileName.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "file"
        var headers: HTTPFields = [.contentType: file.contentType, .cacheControl: "private, no-store"]
        headers[.contentDisposition] = "attachment; filename*=UTF-8''\(name)"
        headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: file.content)))
    }
}
