import CivilTime
import CronofyWire
import Foundation
import GuardedHTTP
import Synchronization

/// A notification as `anchorpoint listen` shows and forwards it.
public struct ListenedNotification: Hashable, Sendable {
    public let number: Int64
    public let triedAt: String
    public let type: String
    public let outcome: String
    public let body: String
    let signature: String
    let messageID: String

    /// Sends it to a program on this machine, with the signature its SDK checks; what came of it, in words.
    public func forward(to url: String) async -> String {
        do {
            let answer = try await GuardedClient(policy: .development).send(
                FetchRequest(
                    "POST", try WebAddress(parsing: url),
                    headers: [
                        Header("Content-Type", "application/json; charset=utf-8"),
                        Header("Cronofy-HMAC-SHA256", signature), Header("webhook-id", messageID),
                    ], body: Array(body.utf8), redirects: .never))
            return "answered \(answer.status)"
        } catch let failure as FetchFailure { return failure.sentence } catch let fault as WebAddress.Fault {
            return fault.sentence
        } catch { return "not sent" }
    }
}

/// Which notifications a listener has had: each is shown once, at its first try since listening began.
final class SeenNotifications: Sendable {
    private struct State {
        var messages: Set<String> = []
        var last: Int64
    }
    private let state: Mutex<State>

    /// Numbers grow with time, but those of several servers may be written a little out of order.
    private static let overlap: Int64 = 5 * 1_000_000 * 1024

    init() {
        let micros = Int64(Date().timeIntervalSince1970 * 1_000_000)
        state = Mutex(State(last: micros * 1024 + Self.overlap))
    }

    /// The number to ask from.
    var next: Int64 { state.withLock { $0.last - Self.overlap } }

    func fresh(_ json: String) throws -> [ListenedNotification] {
        guard case .array(let found)? = try JSONValue(parsing: Array(json.utf8))["deliveries"] else { return [] }
        return state.withLock { state in
            found.compactMap { value in
                guard let notification = ListenedNotification(value) else { return nil }
                state.last = max(state.last, notification.number)
                return state.messages.insert(notification.messageID).inserted ? notification : nil
            }
        }
    }
}

extension ListenedNotification {
    fileprivate init?(_ value: JSONValue) {
        guard case .integer(let number)? = value["delivery"] else { return nil }
        func text(_ name: String) -> String { if case .string(let text)? = value[name] { text } else { "" } }
        (self.number, triedAt, type) = (number, text("tried_at"), text("type"))
        (outcome, body, signature, messageID) = (text("outcome"), text("body"), text("signature"), text("message_id"))
    }
}

/// The answer of one operation.
final class AnswerBox: Sendable {
    private let stored = Mutex<(json: String, failure: OperationFailure?)>(("{}", nil))

    var json: String { stored.withLock { $0.json } }
    var failure: OperationFailure? { stored.withLock { $0.failure } }

    func take(_ message: OperationMessage) {
        stored.withLock {
            switch message {
            case .progress: break
            case .result(let json, _): $0.json = json
            case .failure(let failure): $0.failure = failure
            }
        }
    }
}
