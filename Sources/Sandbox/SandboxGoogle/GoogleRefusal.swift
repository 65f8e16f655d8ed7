internal import CronofyWire
internal import SandboxKit

/// An answer that says no, in Google's form.
struct GoogleRefusal: Error {
    let status: Int
    let reason: String
    let headers: [String: String]
    init(_ status: Int, _ reason: String, headers: [String: String] = [:]) {
        (self.status, self.reason, self.headers) = (status, reason, headers)
    }

    var response: SandboxResponse {
        let fault: JSONValue = .object([
            "domain": .string("global"), "reason": .string(reason), "message": .string(reason),
        ])
        var response = SandboxResponse(
            status,
            .object([
                "error": .object([
                    "code": .integer(Int64(status)), "message": .string("The request was refused: \(reason)."),
                    "errors": .array([fault]),
                ])
            ]))
        response.headers.merge(headers) { $1 }
        return response
    }
}
