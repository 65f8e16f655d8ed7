import CronofyWire
import HTTPTypes

/// Holds a real answer against what openapi.json says of it.
enum ContractCheck {
    /// What is wrong; empty where the answer fits, or the path is no endpoint's.
    static func faults(_ method: HTTPRequest.Method, path: String, status: Int, body: [UInt8]) -> [String] {
        let parts = split(path.prefix { $0 != "?" })
        guard let row = EndpointTable.rows.first(where: { $0.method == method && fits(parts, split($0.path[...])) })
        else { return [] }
        guard let contract = row.contract else { return ["\(row.operationID) has no contract"] }
        let isSuccess = status == contract.success.status
        guard let schema = isSuccess ? contract.success.schema : ErrorSchemas.schema(status) else {
            if isSuccess && body.isEmpty { return [] }
            return [isSuccess ? "\(row.operationID) has a body" : "\(row.operationID) may not answer \(status)"]
        }
        do {
            return schema.faults(in: try JSONValue(parsing: body)).map { "\(row.operationID) \(status): \($0)" }
        } catch { return ["\(row.operationID) \(status) is not JSON"] }
    }

    private static func split(_ path: Substring) -> [Substring] { path.split(separator: "/") }

    private static func fits(_ parts: [Substring], _ pattern: [Substring]) -> Bool {
        parts.count == pattern.count && zip(parts, pattern).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
    }
}
