public import Accounts

/// The API as its developers' pages see it: what was asked lately, and a way to ask.
public protocol APIWindow: Sendable {
    /// The newest requests of an application, newest first; bodies are masked.
    func requests(of client: ClientID) async throws -> [AskedCall]

    /// What can be tried with the application's test account, which is made where it is not there yet.
    func offers(to client: ClientID) async throws -> [OfferedCall]

    /// Sends a call as the application, or as its test account, and gives what came back, whatever it is.
    func send(_ call: TriedCall, of client: ClientID) async throws -> TriedAnswer
}

/// A request of the last week.
public struct AskedCall: Hashable, Sendable {
    /// What the answer's `X-Request-Id` said.
    public let id: String
    public let account: AccountID?
    /// Milliseconds since 1970, and of the answer.
    public let atMS, tookMS: Int64
    public let method, route: String
    public let status: Int64
    /// Masked; empty where there was none.
    public let query, body, answer: String

    public init(
        id: String, account: AccountID?, atMS: Int64, tookMS: Int64, method: String, route: String, status: Int64,
        query: String, body: String, answer: String
    ) {
        (self.id, self.account, self.atMS, self.tookMS) = (id, account, atMS, tookMS)
        (self.method, self.route, self.status) = (method, route, status)
        (self.query, self.body, self.answer) = (query, body, answer)
    }
}

/// An endpoint, ready to be asked.
public struct OfferedCall: Hashable, Sendable {
    public let id, method, path, summary: String
    public let takesKey: Bool
    /// JSON; empty where none is read.
    public let body: String

    public init(id: String, method: String, path: String, summary: String, takesKey: Bool, body: String) {
        (self.id, self.method, self.path, self.summary) = (id, method, path, summary)
        (self.takesKey, self.body) = (takesKey, body)
    }
}

/// What a developer sends: a path of this server below `/v1/`, with its query.
public struct TriedCall: Hashable, Sendable {
    public enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    public let method: Method
    public let path: String
    public let body: String
    /// With the API key in place of the test account's access token.
    public let takesKey: Bool

    public init(method: Method, path: String, body: String, takesKey: Bool) {
        (self.method, self.path, self.body, self.takesKey) = (method, path, body, takesKey)
    }
}

public struct TriedAnswer: Hashable, Sendable {
    public let status: Int
    public let headers: [(name: String, value: String)]
    public let body: String

    public init(status: Int, headers: [(name: String, value: String)], body: String) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    public static func == (left: TriedAnswer, right: TriedAnswer) -> Bool {
        left.status == right.status && left.body == right.body && left.headers.elementsEqual(right.headers, by: ==)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(status)
        hasher.combine(body)
    }
}
