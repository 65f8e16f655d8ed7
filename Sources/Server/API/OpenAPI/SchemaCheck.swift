import CronofyWire

extension Schema {
    /// What of `value` is not as this says, each with its place (`/events/3/start`). Empty: it fits.
    func faults(in value: JSONValue, at place: String = "") -> [String] {
        switch (self, value) {
        case (.named(_, let schema), _): return schema.faults(in: value, at: place)
        case (.anything, _): return []
        case (.text(let text, let most), .string(let string)):
            if let most, string.unicodeScalars.count > most { return ["\(place) is longer than \(most)"] }
            return text.admits(string) ? [] : ["\(place) '\(string)' is not \(text)"]
        case (.integer(let range), .integer(let number)):
            return range?.contains(number) ?? true ? [] : ["\(place) \(number) is out of range"]
        case (.number, .integer), (.number, .number), (.flag, .bool): return []
        case (.array(let element, let least, let most), .array(let values)):
            let isCounted = values.count >= least && values.count <= most ?? .max
            return (isCounted ? [] : ["\(place) has \(values.count) elements"])
                + values.enumerated().flatMap { element.faults(in: $0.element, at: "\(place)/\($0.offset)") }
        case (.object(let members), .object(let found)):
            return members.flatMap { member -> [String] in
                guard let inner = found[member.name] else {
                    return member.isRequired ? ["\(place)/\(member.name) is missing"] : []
                }
                return member.schema.faults(in: inner, at: "\(place)/\(member.name)")
            }
        case (.map(let element), .object(let found)):
            return found.sorted { $0.key < $1.key }.flatMap { element.faults(in: $0.value, at: "\(place)/\($0.key)") }
        case (.either(let choices), _):
            let all = choices.map { $0.faults(in: value, at: place) }
            return all.contains([]) ? [] : all.min { $0.count < $1.count } ?? ["\(place) fits none"]
        default: return ["\(place) is of another type"]
        }
    }
}

extension Schema.Text {
    fileprivate func admits(_ text: String) -> Bool {
        switch self {
        case .any, .uri: return true
        case .email: return text.contains("@")
        case .oneOf(let words): return words.contains(text)
        case .time, .date:
            do {
                switch try WireTime(parsing: text, allowsFractions: false) {
                case .instant: return self == .time
                case .date: return self == .date
                }
            } catch { return false }
        }
    }
}
