/// What a JSON value may be: the part of JSON Schema 2020-12 that the API needs, as a value. Written into openapi.json
/// and used to check answers by the same definition.
indirect enum Schema: Hashable, Sendable {
    case text(Text = .any, most: Int? = nil)
    case integer(ClosedRange<Int64>? = nil)
    case number
    case flag
    case array(Schema, atLeast: Int = 0, most: Int? = nil)
    /// Members beside these are allowed, as the API adds fields over time.
    case object([Member])
    /// Any names, values of one kind.
    case map(Schema)
    case either([Schema])
    /// Stands under this name in `components/schemas`.
    case named(String, Schema)
    case anything

    /// What a text says.
    enum Text: Hashable, Sendable {
        case any
        /// `2031-04-05T06:07:08Z`.
        case time
        /// `2031-04-05`.
        case date
        case email
        case uri
        case oneOf([String])
    }

    struct Member: Hashable, Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool
    }

    /// An object whose members in `required` are always there.
    static func object(
        _ required: KeyValuePairs<String, Schema>, optional: KeyValuePairs<String, Schema> = [:]
    ) -> Schema {
        .object(
            required.map { Member(name: $0.key, schema: $0.value, isRequired: true) }
                + optional.map { Member(name: $0.key, schema: $0.value, isRequired: false) })
    }

    static func oneOf(_ words: String...) -> Schema { .text(.oneOf(words)) }
    static var text: Schema { .text(.any) }
    static var time: Schema { .text(.time) }
    static var date: Schema { .text(.date) }
    static var integer: Schema { .integer(nil) }

    /// The parts that stand under a name, this one's and those within.
    var namedParts: [(name: String, schema: Schema)] {
        switch self {
        case .named(let name, let schema): [(name, schema)] + schema.namedParts
        case .array(let element, _, _), .map(let element): element.namedParts
        case .object(let members): members.flatMap(\.schema.namedParts)
        case .either(let choices): choices.flatMap(\.namedParts)
        case .text, .integer, .number, .flag, .anything: []
        }
    }
}
