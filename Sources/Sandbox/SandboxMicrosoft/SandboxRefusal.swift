internal import CivilTime
internal import CronofyWire
internal import SandboxKit

/// An answer that says no, in Graph's form.
struct SandboxRefusal: Error {
    let status: Int
    let code: String
    init(_ status: Int, _ code: String) { (self.status, self.code) = (status, code) }

    var response: SandboxResponse {
        SandboxResponse(
            status,
            .object([
                "error": .object([
                    "code": .string(code), "message": .string("The request was refused: \(code)."),
                    "innerError": .object(["request-id": .string("00000000-0000-0000-0000-000000000000")]),
                ])
            ]))
    }
}

extension SandboxRequest {
    /// `odata.maxpagesize` of Prefer, or 10 as Graph takes by itself.
    var pageSize: Int {
        let words = headers["prefer"]?.split(whereSeparator: { $0 == "," || $0 == " " }) ?? []
        let size = words.first { $0.hasPrefix("odata.maxpagesize=") }?.split(separator: "=").last
        return size.flatMap { Int($0, in: 1...1000) } ?? 10
    }
}
