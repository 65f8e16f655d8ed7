import Accounts
import StorageKit

/// Entries of the request log as columns of their table.
struct RequestColumns {
    static let table = BulkTable(
        "requests",
        columns: [
            "client_id", "request", "request_id", "account_id", "at_ms", "took_ms", "method", "route", "query", "body",
            "status", "answer",
        ], conflict: ["client_id", "request"], update: [])

    private var clients: [String] = []
    private var numbers: [Int64] = []
    private var ids: [String] = []
    private var accounts: [String?] = []
    private var times: [Int64] = []
    private var durations: [Int64] = []
    private var methods: [String] = []
    private var routes: [String] = []
    private var queries: [String] = []
    private var bodies: [String] = []
    private var statuses: [Int64] = []
    private var answers: [String] = []

    mutating func append(_ entry: RequestLog.Entry) {
        clients.append(entry.caller.client.value)
        numbers.append(WorkID.next())
        ids.append(entry.id)
        if case .account(let id, _, _) = entry.caller { accounts.append(id.value) } else { accounts.append(nil) }
        times.append(entry.atMS)
        durations.append(entry.took.milliseconds)
        methods.append(entry.method)
        routes.append(entry.route)
        queries.append(BodyMask.text(entry.query, most: RequestLog.largest))
        bodies.append(BodyMask.text(entry.body, most: RequestLog.largest))
        statuses.append(Int64(entry.status))
        answers.append(BodyMask.text(entry.answer, most: RequestLog.largest))
    }

    var rows: BulkRows {
        BulkRows(
            count: numbers.count,
            columns: [
                .texts(clients), .integers(numbers), .texts(ids), .optionalTexts(accounts), .integers(times),
                .integers(durations), .texts(methods), .texts(routes), .texts(queries), .texts(bodies),
                .integers(statuses), .texts(answers),
            ])
    }
}
