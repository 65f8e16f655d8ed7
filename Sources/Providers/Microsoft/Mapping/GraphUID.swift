internal import CronofyWire

/// An event's UID. Graph gives every event an `iCalUId` of its own and takes none, so an event made here carries ours in
/// `transactionId`, which also keeps a repeated creation from making a second one.
enum GraphUID {
    private static let mark = "anchorpoint/"

    /// `attempt` is 0 for the first event of this UID, and something new where that one was deleted.
    static func transaction(_ uid: String, attempt: String = "0") -> String { "\(mark)\(attempt)/\(uid)" }

    static func uid(of json: JSONValue) -> String {
        if let transaction = json["transactionId"]?.words, transaction.hasPrefix(mark) {
            let parts = transaction.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3, !parts[2].isEmpty { return String(parts[2]) }
        }
        return json["iCalUId"]?.words ?? json["id"]?.words ?? "unnamed"
    }
}
