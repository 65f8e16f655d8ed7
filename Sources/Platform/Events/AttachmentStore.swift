public import Accounts
import CivilTime
import StorageKit

/// A file that an application uploaded, to be linked from events.
public struct StoredAttachment: Hashable, Sendable {
    /// `att_` and 128 random bits: who knows it may fetch the file.
    public let id: String
    public let fileName: String
    public let contentType: String
    public let content: [UInt8]
}

/// Files of applications.
public struct AttachmentStore: Sendable {
    let accounts: AccountStore

    public init(accounts: AccountStore) { self.accounts = accounts }

    public func add(
        fileName: String, contentType: String, content: [UInt8], by client: ClientID
    ) async throws -> StoredAttachment {
        let file = StoredAttachment(
            id: "att_" + Crypto.hex(Crypto.random(16)), fileName: fileName, contentType: contentType, content: content)
        let now = accounts.now().seconds
        try await accounts.database.write { session in
            try session.execute(
                """
                INSERT INTO attachments (attachment_id, client_id, file_name, content_type, content, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(file.id), .text(client.value), .text(fileName), .text(contentType), .blob(content),
                    .integer(now),
                ])
        }
        return file
    }

    /// `client` nil: whoever knows the id.
    public func attachment(_ id: String, of client: ClientID?) async throws -> StoredAttachment? {
        try await accounts.database.read { session in
            try session.first(
                "SELECT client_id, file_name, content_type, content FROM attachments WHERE attachment_id = ?",
                [.text(id)]
            ) { row in
                guard try client.map({ try row.text(0) == $0.value }) ?? true else { return nil }
                return StoredAttachment(
                    id: id, fileName: try row.text(1), contentType: try row.text(2), content: try row.blob(3))
            }.flatMap { $0 }
        }
    }
}
