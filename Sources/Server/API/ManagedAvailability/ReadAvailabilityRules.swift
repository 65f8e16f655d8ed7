import Accounts
import CronofyWire
import Scheduling

/// `GET /v1/availability_rules` and `GET /v1/availability_rules/{availability_rule_id}`.
enum ReadAvailabilityRules {
    static func list(_ call: APICall) async throws -> APIAnswer {
        let rules = try await call.services.openHours.rules(of: try call.account, by: call.caller.client)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("availability_rules")
            writer.array(rules) { RuleJSON.write($1, to: &$0) }
        }
        return .json(writer.bytes)
    }

    static func one(_ call: APICall) async throws -> APIAnswer {
        let rules = try await call.services.openHours.rules(of: try call.account, by: call.caller.client)
        guard let rule = rules.first(where: { $0.id == call.parameter("availability_rule_id") }) else {
            throw APIError.notFound
        }
        return .json(RuleJSON.one(rule))
    }
}

/// `DELETE /v1/availability_rules/{availability_rule_id}`.
enum DeleteAvailabilityRule {
    static func respond(_ call: APICall) async throws -> APIAnswer {
        let id = call.parameter("availability_rule_id")
        guard try await call.services.openHours.deleteRule(id, of: try call.account, by: call.caller.client) else {
            throw APIError.notFound
        }
        return .accepted
    }
}
