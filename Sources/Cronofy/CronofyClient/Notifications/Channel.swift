import CronofyWire

/// A subscription to an account's changes.
public struct Channel: Hashable, Sendable, AnswerReadable {
    public let id: String
    public let callbackURL: String
    public let filters: Filters

    /// Which changes are told; nothing set: all.
    public struct Filters: Hashable, Sendable, AnswerReadable {
        public var calendars: [String]?
        public var onlyManaged: Bool?

        public init(calendars: [String]? = nil, onlyManaged: Bool? = nil) {
            (self.calendars, self.onlyManaged) = (calendars, onlyManaged)
        }

        init(reading answer: AnswerReader) throws(CronofyError) {
            calendars = answer.member("calendar_ids") == nil ? nil : try answer.texts("calendar_ids")
            onlyManaged = try answer.optionalFlag("only_managed")
        }

        var json: JSONValue {
            .members(["calendar_ids": calendars.map(JSONValue.texts), "only_managed": onlyManaged.map(JSONValue.bool)])
        }
    }

    init(reading answer: AnswerReader) throws(CronofyError) {
        (id, callbackURL) = (try answer.text("channel_id"), try answer.text("callback_url"))
        filters = try answer.optionalObject("filters") ?? Filters()
    }
}

extension CronofyAccount {
    /// Has changes told to `callbackURL`, at most 128 characters. A `verification` notification is sent there at once.
    public func openChannel(to callbackURL: String, filters: Channel.Filters = .init()) async throws(CronofyError)
        -> Channel
    {
        let body = JSONValue.object(["callback_url": .string(callbackURL), "filters": filters.json])
        return try await call(.post("/v1/channels", body, isRepeatable: false)).object("channel")
    }

    public func channels() async throws(CronofyError) -> [Channel] {
        try await call(.get("/v1/channels")).list("channels")
    }

    public func closeChannel(_ id: String) async throws(CronofyError) {
        _ = try await call(.delete("/v1/channels/\(APICall.segment(id))"))
    }
}
