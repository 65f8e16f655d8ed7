/// Every goal: how many times better than the peer we mean to be, at least. 'Within 5 times of' is 0.2. A measurement
/// without a row here is an error.
enum Goals {
    private static let rows: [(name: String, peer: String, ratio: Double)] = [
        // The first row whose name begins the measurement's, and whose peer is the same.
        ("recurrence", "libical", 100),
        ("recurrence", "C loop", 0.125),
        ("parse to a tree, 10 MB", "libical", 4),
        ("parse to a tree, peak memory", "libical", 2),
        ("parse as a stream, 10 MB", "libical", 4),
        ("parse as a stream, peak memory", "libical", 2),
        ("parse to events", "libical", 1),
        ("availability", "C merge", 1),
        ("availability", "C bit sets", 0.2),
        ("availability", "PostgreSQL multiranges", 1),
        ("sync apply", "batch upsert", 0.5),
        ("notifications signed", "limit", 1),
        ("notices put into the outbox", "plain inserts", 0.25),
        ("GET userinfo,", "bare route", 0.5),
        ("GET free_busy,", "bare route", 0.01),
        ("POST availability,", "bare route", 0.05),
        ("server asked for", "limit", 1),
        ("server at rest", "limit", 1),
        ("who can run", "plain scan", 1),
        ("who can run", "limit", 1),
        ("board of 200 guides", "limit", 1),
        ("page 'who can run this?'", "limit", 1),
        ("guests' dates", "limit", 1),
        ("notices accepted", "limit", 1),
        ("notices of 5,000 guides", "limit", 1),
        ("season of 30 guides and 400 trips", "limit", 1),
        ("season of 30 guides and 400 trips, squares of days", "least of any plan", 0.99),
    ]

    static func ratio(of measurement: Measurement) -> Double? {
        rows.first { measurement.name.hasPrefix($0.name) && measurement.peer == $0.peer }?.ratio
    }
}
