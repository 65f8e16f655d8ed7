import CronofyWire

/// An application that uses the API: its credentials, its server, and the calls that need no person's token.
///
/// ```swift
/// let cronofy = CronofyApplication(clientID: id, clientSecret: secret, server: .de)
/// let slots = try await cronofy.availability(of: question)
/// ```
public struct CronofyApplication: Sendable {
    public let clientID: String
    public let server: DataCenter
    let secret: Secret
    let dispatcher: Dispatcher

    /// - Parameters:
    ///   - clientID: what the server named the application.
    ///   - clientSecret: also the key of the calls that Cronofy calls API-key calls.
    ///   - server: whose API is called.
    ///   - transport: how requests travel; the same one may serve many applications.
    ///   - rate: kept over all calls of this value and of the accounts made from it; nil where the server sets none.
    ///   - retries: which calls are tried again, and when.
    public init(
        clientID: String, clientSecret: String, server: DataCenter, transport: any CronofyTransport = HTTPTransport(),
        rate: RateBudget? = .hosted, retries: RetryPolicy = .standard
    ) {
        self.init(
            clientID: clientID, clientSecret: clientSecret, server: server,
            dispatcher: Dispatcher(base: server.apiURL, transport: transport, rate: rate, retries: retries))
    }

    init(clientID: String, clientSecret: String, server: DataCenter, dispatcher: Dispatcher) {
        (self.clientID, self.server, self.dispatcher) = (clientID, server, dispatcher)
        secret = Secret(clientSecret)
    }

    /// A person's account, reached with `tokens`. `onRenewal` is given new ones before they are used; store them there.
    public func account(
        _ tokens: AccountTokens, onRenewal: @escaping @Sendable (AccountTokens) async -> Void = { _ in }
    ) -> CronofyAccount {
        CronofyAccount(application: self, keeper: TokenKeeper(tokens, application: self, onRenewal: onRenewal))
    }

    /// A call with the API key.
    func call(_ call: APICall) async throws(CronofyError) -> AnswerReader {
        AnswerReader(try await dispatcher.perform(call, bearer: secret))
    }

    /// A call with the credentials in its body.
    func callWithCredentials(
        _ path: String, _ members: [String: JSONValue], isRepeatable: Bool = true
    ) async throws(CronofyError) -> AnswerReader {
        var body = members
        body["client_id"] = .string(clientID)
        body["client_secret"] = .string(secret.text)
        return AnswerReader(
            try await dispatcher.perform(.post(path, .object(body), isRepeatable: isRepeatable), bearer: nil))
    }
}
