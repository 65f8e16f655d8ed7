/// The `422` body: for each field what is wrong with it, for programs and for people.
public struct WireErrors: Error, Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        /// `errors.required` and the like.
        public var key: String
        public var description: String
    }

    /// In the order they were found.
    public private(set) var fields: [(name: String, entries: [Entry])] = []

    public init() {}

    public init(_ field: String, key: String, _ description: String) { add(field, key: key, description) }

    public var isEmpty: Bool { fields.isEmpty }

    public mutating func add(_ field: String, key: String, _ description: String) {
        let entry = Entry(key: key, description: description)
        if let index = fields.firstIndex(where: { $0.name == field }) {
            fields[index].entries.append(entry)
        } else {
            fields.append((field, [entry]))
        }
    }

    public mutating func required(_ field: String) { add(field, key: "errors.required", "required") }

    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("errors")
            writer.object { writer in
                for (name, entries) in fields {
                    writer.name(text: name)
                    writer.array(entries) { writer, entry in
                        writer.object {
                            $0.member("key", entry.key)
                            $0.member("description", entry.description)
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    public static func == (left: WireErrors, right: WireErrors) -> Bool { left.json == right.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}
