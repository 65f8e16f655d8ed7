import CronofyWire
import HTTPTypes

/// The API's description (OpenAPI 3.1), made from the endpoint table.
struct OpenAPIDocument {
    let rows: [EndpointRow]
    let publicURL: String

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("openapi", "3.1.0")
            writer.name("info")
            writer.object {
                $0.member("title", "Anchorpoint")
                $0.member("version", "1")
                $0.member("description", "The Cronofy API, served by Anchorpoint.")
            }
            writer.name("servers")
            writer.array([publicURL]) { writer, url in writer.object { $0.member("url", url) } }
            writer.name("paths")
            writer.object(paths)
            writer.name("components")
            writer.object(components)
        }
        return writer.bytes
    }

    private func paths(_ writer: inout JSONWriter) {
        let byPath = Dictionary(grouping: rows, by: \.path)
        for path in byPath.keys.sorted() {
            writer.name(text: path)
            writer.object { writer in
                for row in byPath[path] ?? [] {
                    writer.name(text: row.method.rawValue.lowercased())
                    writer.object { operation(row, &$0) }
                }
            }
        }
    }

    private func operation(_ row: EndpointRow, _ writer: inout JSONWriter) {
        writer.member("operationId", row.operationID)
        writer.member("summary", row.summary)
        parameters(row, &writer)
        if let body = row.contract?.body {
            writer.name("requestBody")
            writer.object { writer in
                writer.name("content")
                writer.object { Self.content(body, to: &$0) }
            }
        }
        writer.name("responses")
        writer.object { responses(row, &$0) }
        if row.needsBearer {
            writer.name("security")
            writer.array(["bearer"]) { writer, name in
                writer.object { writer in
                    writer.name(text: name)
                    writer.array([String]()) { $0.value($1) }
                }
            }
        }
    }

    private func parameters(_ row: EndpointRow, _ writer: inout JSONWriter) {
        let query = row.contract?.query ?? []
        guard !row.pathParts.isEmpty || !query.isEmpty else { return }
        writer.name("parameters")
        writer.array(
            row.pathParts.map { (EndpointContract.Parameter.required($0, .text), "path") } + query.map { ($0, "query") }
        ) {
            writer, entry in
            let (parameter, place) = entry
            writer.object { writer in
                writer.member("name", parameter.name)
                writer.member("in", place)
                if parameter.isRequired { writer.member("required", true) }
                if !parameter.note.isEmpty { writer.member("description", parameter.note) }
                writer.name("schema")
                parameter.schema.write(to: &writer)
            }
        }
    }

    private func responses(_ row: EndpointRow, _ writer: inout JSONWriter) {
        if let success = row.contract?.success {
            writer.name(text: String(success.status))
            writer.object { writer in
                writer.member("description", "Done.")
                guard let schema = success.schema else { return }
                writer.name("content")
                writer.object { Self.content(schema, to: &$0) }
            }
        }
        for error in ErrorSchemas.all {
            writer.name(text: String(error.status))
            writer.object { $0.member("$ref", "#/components/responses/E\(error.status)") }
        }
    }

    private func components(_ writer: inout JSONWriter) {
        writer.name("securitySchemes")
        writer.object { writer in
            writer.name("bearer")
            writer.object {
                $0.member("type", "http")
                $0.member("scheme", "bearer")
                $0.member("description", "An access token of an account, or an API key (the client secret).")
            }
        }
        writer.name("responses")
        writer.object { writer in
            for error in ErrorSchemas.all {
                writer.name(text: "E\(error.status)")
                writer.object { writer in
                    writer.member("description", error.meaning)
                    writer.name("content")
                    writer.object { Self.content(error.schema, to: &$0) }
                }
            }
        }
        writer.name("schemas")
        writer.object { writer in
            for (name, schema) in namedSchemas.sorted(by: { $0.key < $1.key }) {
                writer.name(text: name)
                schema.write(to: &writer)
            }
        }
    }

    private var namedSchemas: [String: Schema] {
        let used =
            rows.flatMap { [$0.contract?.body, $0.contract?.success.schema].compactMap { $0 } }
            + ErrorSchemas.all.map(\.schema)
        return Dictionary(used.flatMap(\.namedParts).map { ($0.name, $0.schema) }) { first, _ in first }
    }

    private static func content(_ schema: Schema, to writer: inout JSONWriter) {
        writer.name("application/json")
        writer.object { writer in
            writer.name("schema")
            schema.write(to: &writer)
        }
    }
}

extension EndpointRow {
    /// `get_v1_events_pages_token`.
    var operationID: String {
        let words = path.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        return ([method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    /// The names in braces.
    var pathParts: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }.map {
            String($0.dropFirst().dropLast())
        }
    }
}
