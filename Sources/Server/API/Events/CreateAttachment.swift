import Accounts
import CronofyWire
import Events
import Foundation
import ICalendar

/// `POST /v1/attachments`: a file to be linked from events (part 1, §9.11).
enum CreateAttachment {
    /// Bytes of the file; the request is its base64 and a little more.
    static let largestFile = 7 << 20
    static let largestBody = 10 << 20

    static func respond(_ call: APICall) async throws -> APIAnswer {
        var outer = Fields(call.body)
        outer.refuseSubscriptions()
        guard outer.errors.isEmpty else { throw outer.errors }
        guard let value = outer.value("attachment") else {
            outer.required("attachment")
            throw outer.errors
        }
        var fields = Fields(value, prefix: "attachment.")
        let name = required("file_name", &fields)
        let type = required("content_type", &fields)?.lowercased()
        let text = required("base64_content", &fields)
        let content = text.flatMap { Data(base64Encoded: $0) }.map(Array.init)
        if text != nil && content == nil {
            fields.fail("base64_content", key: "errors.invalid", "must be base64 with padding")
        }
        if let content, content.count > largestFile {
            fields.fail("base64_content", key: "errors.too_long", "must be at most \(largestFile) bytes")
        }
        if let name { check(name, type, &fields) }
        guard fields.errors.isEmpty, let name, let type, let content else { throw fields.errors }
        let file = try await call.services.attachments.add(
            fileName: name, contentType: type, content: content, by: call.caller.client)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("attachment")
            writer.object {
                $0.member("attachment_id", file.id)
                $0.member("file_name", file.fileName)
                $0.member("content_type", file.contentType)
                $0.member("md5", Crypto.hex(Crypto.md5(file.content)))
            }
        }
        return .json(writer.bytes)
    }

    private static func required(_ name: String, _ fields: inout Fields) -> String? {
        let text = fields.text(name)
        if text == nil && fields.raw(name) == nil { fields.required(name) }
        return text
    }

    private static func check(_ name: String, _ type: String?, _ fields: inout Fields) {
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || " ._-()".unicodeScalars.contains($0)
        }
        let parts = name.split(separator: ".")
        guard isPlain, name.utf8.count <= 200, !name.hasPrefix("."), parts.count >= 2, let ending = parts.last else {
            fields.fail(
                "file_name", key: "errors.invalid",
                "must be a name with an ending, of letters, digits, spaces and . _ - ( ), at most 200 bytes")
            return
        }
        guard let wanted = types[ending.lowercased()] else {
            fields.fail(
                "file_name", key: "errors.not_supported",
                "must end in one of " + types.keys.sorted().joined(separator: ", "))
            return
        }
        if let type, type != wanted {
            fields.fail("content_type", key: "errors.invalid", "must be \(wanted) for a file that ends in .\(ending)")
        }
    }

    /// What may be uploaded: nothing that a browser would run.
    private static let types = [
        "csv": "text/csv", "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "gif": "image/gif",
        "gpx": "application/gpx+xml", "ics": "text/calendar", "jpeg": "image/jpeg", "jpg": "image/jpeg",
        "odp": "application/vnd.oasis.opendocument.presentation",
        "ods": "application/vnd.oasis.opendocument.spreadsheet", "odt": "application/vnd.oasis.opendocument.text",
        "pdf": "application/pdf", "png": "image/png", "ppt": "application/vnd.ms-powerpoint",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", "rtf": "application/rtf",
        "txt": "text/plain", "webp": "image/webp", "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "zip": "application/zip",
    ]
}

/// Reads `attachments` of an event: `[{"attachment_id": …}]`, of this application.
struct AttachmentReader {
    let call: APICall
    private static let most = 20

    /// Nil where the member is absent; empty takes all away.
    func links(_ fields: inout Fields) async throws -> [AttachmentLink]? {
        guard let raw = fields.raw("attachments"), raw != .null else { return nil }
        let values = fields.array("attachments") ?? []
        if values.count > Self.most {
            fields.fail("attachments", key: "errors.too_many", "must be at most \(Self.most)")
        }
        var links: [AttachmentLink] = []
        for (index, value) in values.prefix(Self.most).enumerated() {
            var inner = Fields(value, prefix: "attachments[\(index)].")
            if let id = inner.text("attachment_id", most: 64) {
                if let file = try await call.services.attachments.attachment(id, of: call.caller.client) {
                    links.append(link(file))
                } else {
                    inner.fail("attachment_id", key: "errors.unknown", "must be an attachment of this application")
                }
            } else if inner.errors.isEmpty {
                inner.required("attachment_id")
            }
            fields.merge(inner)
        }
        return links
    }

    private func link(_ file: StoredAttachment) -> AttachmentLink {
        let name = file.fileName.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "file"
        return AttachmentLink(
            url: "\(call.services.publicURL)/attachments/\(file.id)/\(name)", fileName: file.fileName,
            contentType: file.contentType)
    }
}
