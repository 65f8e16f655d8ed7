import CronofyWire
import Foundation

/// A file kept by the service, to be attached to events.
public struct Attachment: Hashable, Sendable, AnswerReadable {
    public let id: String
    public let fileName: String
    public let contentType: String
    /// 32 hexadecimal digits.
    public let md5: String

    init(reading answer: AnswerReader) throws(CronofyError) {
        id = try answer.text("attachment_id")
        (fileName, contentType) = (try answer.text("file_name"), try answer.text("content_type"))
        md5 = try answer.text("md5")
    }
}

extension CronofyApplication {
    /// Uploads a file. The extension of `fileName` must agree with `contentType`.
    public func attach(
        _ content: [UInt8], fileName: String, contentType: String
    ) async throws(CronofyError) -> Attachment {
        let file = JSONValue.object([
            "file_name": .string(fileName), "content_type": .string(contentType),
            "base64_content": .string(Data(content).base64EncodedString()),
        ])
        let body = JSONValue.object(["attachment": file])
        return try await call(.post("/v1/attachments", body, isRepeatable: false)).object("attachment")
    }
}
