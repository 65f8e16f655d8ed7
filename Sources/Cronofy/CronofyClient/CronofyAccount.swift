/// One person's linked calendars (or an application calendar, or a service account), reached with its own tokens, which
/// renew themselves.
public struct CronofyAccount: Sendable {
    public let application: CronofyApplication
    let keeper: TokenKeeper

    /// The tokens as they stand now.
    public var tokens: AccountTokens { get async { await keeper.tokens } }

    /// A call with the access token; where it is refused as expired, once more with a new one.
    func call(_ call: APICall) async throws(CronofyError) -> AnswerReader {
        let token = try await keeper.accessToken()
        do {
            return AnswerReader(try await application.dispatcher.perform(call, bearer: token))
        } catch CronofyError.unauthorized {
            let renewed = try await keeper.renewed(insteadOf: token)
            return AnswerReader(try await application.dispatcher.perform(call, bearer: renewed))
        }
    }
}
