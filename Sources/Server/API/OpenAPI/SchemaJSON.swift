import CronofyWire

extension Schema {
    /// JSON Schema 2020-12, as OpenAPI 3.1 has it.
    func write(to writer: inout JSONWriter) { writer.object { writeMembers(to: &$0) } }

    private func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .text(let text, let most):
            writer.member("type", "string")
            text.write(to: &writer)
            if let most { writer.member("maxLength", most) }
        case .integer(let range):
            writer.member("type", "integer")
            if let range {
                writer.name("minimum")
                writer.value(range.lowerBound)
                writer.name("maximum")
                writer.value(range.upperBound)
            }
        case .number: writer.member("type", "number")
        case .flag: writer.member("type", "boolean")
        case .array(let element, let least, let most):
            writer.member("type", "array")
            writer.name("items")
            element.write(to: &writer)
            if least > 0 { writer.member("minItems", least) }
            if let most { writer.member("maxItems", most) }
        case .object(let members): write(members, to: &writer)
        case .map(let element):
            writer.member("type", "object")
            writer.name("additionalProperties")
            element.write(to: &writer)
        case .either(let choices):
            writer.name("anyOf")
            writer.array(choices) { $1.write(to: &$0) }
        case .named(let name, _): writer.member("$ref", "#/components/schemas/\(name)")
        case .anything: break
        }
    }

    private func write(_ members: [Member], to writer: inout JSONWriter) {
        writer.member("type", "object")
        writer.name("properties")
        writer.object { writer in
            for member in members {
                writer.name(text: member.name)
                member.schema.write(to: &writer)
            }
        }
        let required = members.filter(\.isRequired)
        guard !required.isEmpty else { return }
        writer.name("required")
        writer.array(required) { $0.value($1.name) }
    }
}

extension Schema.Text {
    fileprivate func write(to writer: inout JSONWriter) {
        switch self {
        case .any: break
        case .time: writer.member("format", "date-time")
        case .date: writer.member("format", "date")
        case .email: writer.member("format", "email")
        case .uri: writer.member("format", "uri")
        case .oneOf(let words):
            writer.name("enum")
            writer.array(words) { $0.value($1) }
        }
    }
}
