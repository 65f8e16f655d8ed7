import CivilTime
import CronofyWire
import HTTPTypes
import Season
import Trips

/// One request as endpoints see it: whose it is, and what was sent.
struct GuidesCall: Sendable {
    let person: PersonID
    var parameters: [String: String] = [:]
    var query: [String: String] = [:]
    /// An object, empty where nothing was sent.
    var body: JSONValue = .object([:])

    var id: String { parameters["id"] ?? "" }

    /// The stretch of time that `from` and `to` of the query ask for; where they are left out, from a month back to two years
    /// ahead.
    func window(now: Instant) throws -> Period {
        var fields = Fields(.object(query.mapValues(JSONValue.string)))
        let from = fields.instant("from") ?? now.advanced(bySeconds: -31 * 86_400)
        let to = fields.instant("to") ?? now.advanced(bySeconds: 731 * 86_400)
        guard fields.errors.isEmpty else { throw GuidesAPIError.fields(fields.errors) }
        guard let from, let to, let period = Period(from: from, to: to),
            period.end.seconds - period.start.seconds <= Self.longestWindow  // A period's ends are within the calendar.
        else { throw GuidesAPIError.field("to", "must be after `from`, by \(Self.longestWindow / 86_400) days at most") }
        return period
    }

    private static let longestWindow: Int64 = 1_100 * 86_400

    /// What of `body` an endpoint reads; anything else is named in the error, so that a misspelt field is not lost.
    func fields(_ known: String...) throws -> Fields {
        guard case .object(let members) = body else {
            throw GuidesAPIError.refused(.badRequest, "The body has to be a JSON object.")
        }
        let unknown = members.keys.filter { !known.contains($0) }.sorted()
        guard let first = unknown.first else { return Fields(body) }
        throw GuidesAPIError.field(first, "is not read here; what is: \(known.joined(separator: ", "))")
    }
}

/// Why a call was not answered as asked.
enum GuidesAPIError: Error {
    case notFound
    case fields(WireErrors)
    case refused(HTTPResponse.Status, String)

    static func field(_ name: String, _ reason: String) -> GuidesAPIError {
        .fields(WireErrors(name, key: "invalid", reason))
    }
}

extension Fields {
    /// What was read, where nothing was wrong with it.
    func checked() throws { if !errors.isEmpty { throw GuidesAPIError.fields(errors) } }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let text = text(name) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        fail(name, key: "invalid", "must be one of: \(allowed)")
        return nil
    }
}
