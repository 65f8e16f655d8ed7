/// Writes metrics in Prometheus' text format (version 0.0.4).
struct PrometheusText {
    private(set) var text = ""

    enum Kind: String { case counter, gauge }

    /// One metric with its values by label. Nothing is written where there are no values.
    mutating func metric(
        _ name: String, _ kind: Kind, _ help: String, _ values: [(labels: [(String, String)], value: Int64)]
    ) {
        guard !values.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for (labels, value) in values {
            let inner = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            text += name + (inner.isEmpty ? "" : "{\(inner)}") + " \(value)\n"
        }
    }

    mutating func metric(_ name: String, _ kind: Kind, _ help: String, _ value: Int64) {
        metric(name, kind, help, [(labels: [], value: value)])
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }
}
