/// A call as one types it elsewhere. The credential is never written out: it is taken from the environment.
struct CallWords: Sendable {
    let curl: String
    let python: String

    init(_ call: TriedCall, at base: String) {
        let url = base + call.path
        let variable = call.takesKey ? "CLIENT_SECRET" : "ACCESS_TOKEN"
        var words = ["curl -X \(call.method.rawValue) \(Self.shell(url))", "-H \"Authorization: Bearer $\(variable)\""]
        if !call.body.isEmpty {
            words += ["-H 'Content-Type: application/json'", "-d \(Self.shell(call.body))"]
        }
        curl = words.joined(separator: " \\\n  ")
        let body =
            call.body.isEmpty
            ? ""
            : "\n    data=\(Self.literal(call.body)).encode(),"
        python = """
            import os
            import requests

            answer = requests.request(
                "\(call.method.rawValue)", \(Self.literal(url)),
                headers={"Authorization": "Bearer " + os.environ["\(variable)"], "Content-Type": "application/json"},\(body)
            )
            print(answer.status_code, answer.text)
            """
    }

    /// Within single quotes a shell reads everything as it stands, but for the quote itself.
    private static func shell(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }

    /// A string of Python.
    private static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 32 || scalar.value == 127 {
                    result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
