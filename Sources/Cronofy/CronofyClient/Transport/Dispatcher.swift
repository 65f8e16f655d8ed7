import CivilTime
import CronofyWire

/// Sends calls within the rates, again where that may help, and turns refusals into errors.
actor Dispatcher {
    private let base: String
    private let transport: any CronofyTransport
    private let retries: RetryPolicy
    private let timing: Timing
    /// Nil: no rate is kept.
    private var budget: RateBudget?

    init(
        base: String, transport: any CronofyTransport, rate: RateBudget?, retries: RetryPolicy, timing: Timing = .system
    ) {
        (self.base, self.transport, self.retries, self.timing, budget) = (base, transport, retries, timing, rate)
    }

    /// The answer's JSON; an empty object where there is no body.
    func perform(_ call: APICall, bearer: Secret?) async throws(CronofyError) -> JSONValue {
        // An answer names its own further pages: no token goes to another server.
        guard call.path.hasPrefix("/") || call.path.hasPrefix(base + "/") else {
            throw .unexpectedAnswer(path: "pages.next_page", wanted: "an address below \(base)")
        }
        let request = call.request(to: base, bearer: bearer)
        var attempt = 1
        while true {
            try await pause(budget?.book(now: timing.now()) ?? .zero)
            let outcome: Result<TransportResponse, TransportFailure>
            do { outcome = .success(try await transport.send(request)) } catch { outcome = .failure(error) }
            let verdict = Verdict(outcome, isRepeatable: call.isRepeatable)
            switch verdict {
            case .answered(let body): return try Self.json(body)
            case .failed(let error): throw error
            case .again(let error, let retryAfter):
                guard let wait = retries.pause(after: attempt, retryAfter: retryAfter, spread: timing.random()) else {
                    throw error
                }
                try await pause(wait)
                attempt += 1
            }
        }
    }

    private func pause(_ duration: Duration) async throws(CronofyError) {
        guard duration > .zero else { return }
        do { try await timing.pause(duration) } catch { throw .unreachable(.cancelled) }
    }

    private static func json(_ body: [UInt8]) throws(CronofyError) -> JSONValue {
        guard !body.isEmpty else { return .object([:]) }
        do { return try JSONValue(parsing: body) } catch { throw .unexpectedAnswer(path: "", wanted: "JSON") }
    }
}

/// What an outcome means for the call.
enum Verdict: Hashable, Sendable {
    case answered([UInt8])
    case failed(CronofyError)
    case again(CronofyError, retryAfter: Duration?)

    init(_ outcome: Result<TransportResponse, TransportFailure>, isRepeatable: Bool) {
        switch outcome {
        case .failure(.cancelled): self = .failed(.unreachable(.cancelled))
        case .failure(let failure):
            self = isRepeatable ? .again(.unreachable(failure), retryAfter: nil) : .failed(.unreachable(failure))
        case .success(let response): self.init(response, isRepeatable: isRepeatable)
        }
    }

    private init(_ response: TransportResponse, isRepeatable: Bool) {
        let retryAfter = response.headers["retry-after"].flatMap { Int64($0, in: 0...604_800) }.map {
            Duration.seconds($0)
        }
        switch response.status {
        case 200...299: self = .answered(response.body)
        // A refusal for its rate was not carried out, so even a call that must arrive once may go again.
        case 429: self = .again(.rateLimited(retryAfter: retryAfter), retryAfter: retryAfter)
        case 503 where retryAfter != nil: self = .again(.server(status: 503), retryAfter: retryAfter)
        case 500...599:
            let error = CronofyError.server(status: response.status)
            self = isRepeatable ? .again(error, retryAfter: retryAfter) : .failed(error)
        default: self = .failed(CronofyError(status: response.status, body: response.body))
        }
    }
}

extension CronofyError {
    /// A refusal that will not change by asking again.
    init(status: Int, body: [UInt8]) {
        // A body that is not JSON says nothing more than the status.
        let json = (try? JSONValue(parsing: body)) ?? .null
        switch status {
        case 400:
            guard case .string(let code)? = json["error"] else {
                self = .status(400)
                return
            }
            var description: String?
            if case .string(let text)? = json["error_description"] { description = text }
            self = .refusedGrant(code: code, description: description)
        case 401: self = .unauthorized
        case 402: self = .notInPlan
        case 403: self = .forbidden
        case 404: self = .notFound
        case 410: self = .gone
        case 422: self = .invalid(CronofyError.faults(in: json["errors"] ?? .null))
        case 423: self = .locked
        default: self = .status(status)
        }
    }

    private static func faults(in errors: JSONValue) -> [String: [FieldFault]] {
        guard case .object(let fields) = errors else { return [:] }
        return fields.mapValues { value in
            guard case .array(let entries) = value else { return [] }
            return entries.map { FieldFault(key: $0.string("key") ?? "", description: $0.string("description") ?? "") }
        }
    }
}

extension JSONValue {
    fileprivate func string(_ name: String) -> String? {
        if case .string(let text)? = self[name] { text } else { nil }
    }
}
