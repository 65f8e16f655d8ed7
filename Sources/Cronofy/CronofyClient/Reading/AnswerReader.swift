import CivilTime
import CronofyWire

/// Reads members of an answer, and says where one is not what the API promises. Members that it does not ask for are
/// ignored, as the API asks of clients.
struct AnswerReader: Sendable {
    let value: JSONValue
    let path: String

    init(_ value: JSONValue, path: String = "") { (self.value, self.path) = (value, path) }

    func fault(_ name: String, wanted: String) -> CronofyError {
        .unexpectedAnswer(path: inner(name), wanted: wanted)
    }

    private func inner(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// The member, null read as absent.
    func member(_ name: String) -> JSONValue? {
        guard let value = value[name], value != .null else { return nil }
        return value
    }

    func optionalText(_ name: String) throws(CronofyError) -> String? {
        switch member(name) {
        case nil: return nil
        case .string(let text)?: return text
        // Shown as it is.
        case .integer(let number)?: return String(number)
        default: throw fault(name, wanted: "a string")
        }
    }

    func text(_ name: String) throws(CronofyError) -> String {
        guard let text = try optionalText(name) else { throw fault(name, wanted: "a string") }
        return text
    }

    func optionalFlag(_ name: String) throws(CronofyError) -> Bool? {
        switch member(name) {
        case nil: return nil
        case .bool(let flag)?: return flag
        default: throw fault(name, wanted: "true or false")
        }
    }

    func flag(_ name: String) throws(CronofyError) -> Bool {
        guard let flag = try optionalFlag(name) else { throw fault(name, wanted: "true or false") }
        return flag
    }

    func optionalInteger(_ name: String) throws(CronofyError) -> Int64? {
        switch member(name) {
        case nil: return nil
        // The server it asks is one it trusts; instants beyond all time are refused where they are made.
        case .integer(let number)?: return number
        default: throw fault(name, wanted: "a whole number")
        }
    }

    func integer(_ name: String) throws(CronofyError) -> Int64 {
        guard let number = try optionalInteger(name) else { throw fault(name, wanted: "a whole number") }
        return number
    }

    func optionalInstant(_ name: String) throws(CronofyError) -> Instant? {
        guard let text = try optionalText(name) else { return nil }
        do {
            if case .instant(let instant) = try WireTime(parsing: text, allowsFractions: true) { return instant }
        } catch { /* No time: the fault below says where. */  }
        throw fault(name, wanted: "a time")
    }

    func instant(_ name: String) throws(CronofyError) -> Instant {
        guard let instant = try optionalInstant(name) else { throw fault(name, wanted: "a time") }
        return instant
    }

    func optionalObject<Model: AnswerReadable>(_ name: String, as: Model.Type = Model.self) throws(CronofyError)
        -> Model?
    {
        guard let value = member(name) else { return nil }
        return try Model(reading: AnswerReader(value, path: inner(name)))
    }

    func object<Model: AnswerReadable>(_ name: String, as: Model.Type = Model.self) throws(CronofyError) -> Model {
        guard let model = try optionalObject(name, as: Model.self) else { throw fault(name, wanted: "an object") }
        return model
    }

    /// An absent list is empty.
    func list<Model: AnswerReadable>(_ name: String, of: Model.Type = Model.self) throws(CronofyError) -> [Model] {
        var models: [Model] = []
        for (index, value) in try values(name).enumerated() {
            models.append(try Model(reading: AnswerReader(value, path: "\(inner(name))[\(index)]")))
        }
        return models
    }

    /// An absent list is empty; entries that are no strings are left out.
    func texts(_ name: String) throws(CronofyError) -> [String] {
        try values(name).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    private func values(_ name: String) throws(CronofyError) -> [JSONValue] {
        switch member(name) {
        case nil: return []
        case .array(let values)?: return values
        default: throw fault(name, wanted: "a list")
        }
    }

    /// A member by its dotted name, `cronofy.data`, which is one name and not a path.
    func nested(_ name: String) -> AnswerReader { AnswerReader(member(name) ?? .object([:]), path: inner(name)) }
}

/// What can be read from an answer.
protocol AnswerReadable {
    init(reading answer: AnswerReader) throws(CronofyError)
}
