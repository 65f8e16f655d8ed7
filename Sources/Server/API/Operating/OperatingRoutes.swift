public import Accounts
import CivilTime
import HTTPTypes
public import Hummingbird
import NIOCore
import StorageKit

/// `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: Prometheus reads it. None names a person,
/// an account or an application.
public func addOperatingRoutes<Context: RequestContext>(
    to router: Router<Context>, accounts: AccountStore, metrics: ServerMetrics,
    walBytes: @escaping @Sendable () -> Int64?
) {
    let gauges = DatabaseGauges(accounts: accounts)
    for method in [HTTPRequest.Method.get, .head] {
        router.on("/healthz", method: method) { _, _ in plain(.ok, "ok\n") }
        router.on("/readyz", method: method) { _, _ in
            do {
                _ = try await accounts.database.read { try $0.first("SELECT 1") { try $0.integer(0) } }
                return plain(.ok, "ready\n")
            } catch { return plain(.serviceUnavailable, "the database is not available\n") }
        }
        router.on("/metrics", method: method) { _, _ in
            var text = PrometheusText()
            metrics.write(to: &text)
            if let bytes = walBytes() {
                text.metric("anchorpoint_wal_bytes", .gauge, "Size of the write-ahead log.", bytes)
            }
            do { try await gauges.write(to: &text) } catch {
                text.metric("anchorpoint_database_up", .gauge, "Whether the database answers.", 0)
            }
            return plain(.ok, text.text, type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }
}

private func plain(
    _ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8"
) -> Response {
    Response(
        status: status, headers: [.contentType: type, .cacheControl: "no-store"],
        body: .init(byteBuffer: ByteBuffer(string: text)))
}

extension ServerMetrics {
    func write(to text: inout PrometheusText) {
        let counts = snapshot
        text.metric(
            "anchorpoint_answers_total", .counter, "HTTP answers by class.",
            counts.answers.enumerated().filter { $1 > 0 }.map { ([("class", "\($0)xx")], Int64($1)) })
        text.metric(
            "anchorpoint_answer_milliseconds_total", .counter, "Time spent answering.", counts.answerMilliseconds)
        text.metric(
            "anchorpoint_deliveries_total", .counter, "Notifications tried, by outcome.",
            counts.deliveries.sorted { $0.key < $1.key }.map { ([("outcome", $0.key)], Int64($0.value)) })
        text.metric(
            "anchorpoint_delivery_milliseconds_total", .counter, "Time spent waiting for receivers.",
            counts.deliveryMilliseconds)
        text.metric(
            "anchorpoint_requests_not_logged_total", .counter, "Requests left out of the request log under load.",
            Int64(counts.unloggedRequests))
    }
}

/// What the database says of how far behind things are.
struct DatabaseGauges: Sendable {
    let accounts: AccountStore

    func write(to text: inout PrometheusText) async throws {
        let now = accounts.now().seconds
        let found = try await accounts.database.read { session in
            (
                lag: try session.all(
                    """
                    SELECT p.provider, ? - MIN(COALESCE(c.synced_at, c.created_at)) FROM calendars c
                    JOIN profiles p ON p.account_id = c.account_id AND p.profile_id = c.profile_id
                    WHERE c.deleted = 0 AND p.paused = 0 AND p.state <> 'disconnected' GROUP BY p.provider
                    ORDER BY p.provider
                    """, [.integer(now)]
                ) { (labels("provider", try $0.text(0)), max(0, try $0.integer(1))) },
                work: try session.all(
                    """
                    SELECT kind, COUNT(*), MIN(CASE WHEN run_at > id / 1024000000 THEN run_at ELSE id / 1024000000 END)
                    FROM work WHERE state = 0 AND run_at <= ? GROUP BY kind ORDER BY kind
                    """, [.integer(now)]
                ) { (try $0.text(0), try $0.integer(1), max(0, now - (try $0.integer(2)))) },
                dead: try session.first("SELECT COUNT(*) FROM work WHERE state = 1") { try $0.integer(0) },
                notices: try session.first(
                    "SELECT COUNT(*), COALESCE(MIN(created_ms), ?) FROM notices", [.integer(now * 1000)]
                ) {
                    (try $0.integer(0), max(0, now - (try $0.integer(1)) / 1000))
                },
                profiles: try session.all(
                    "SELECT state, COUNT(*) FROM profiles GROUP BY state ORDER BY state"
                ) {
                    (labels("state", try $0.text(0)), try $0.integer(1))
                },
                channels: try session.first(
                    "SELECT COUNT(*), COALESCE(SUM(CASE WHEN failing_since IS NULL THEN 0 ELSE 1 END), 0) FROM channels WHERE closed_at IS NULL"
                ) { (try $0.integer(0), try $0.integer(1)) }
            )
        }
        text.metric("anchorpoint_database_up", .gauge, "Whether the database answers.", 1)
        text.metric(
            "anchorpoint_sync_lag_seconds", .gauge, "Age of the calendar that is longest out of step.", found.lag)
        text.metric("anchorpoint_profiles", .gauge, "Connected accounts by state.", found.profiles)
        text.metric(
            "anchorpoint_work_due", .gauge, "Work that is due or in hand.",
            found.work.map { (labels("kind", $0.0), $0.1) })
        text.metric(
            "anchorpoint_work_oldest_seconds", .gauge, "How long the oldest due work has waited.",
            found.work.map { (labels("kind", $0.0), $0.2) })
        text.metric("anchorpoint_work_given_up", .gauge, "Work that waits for a person.", found.dead ?? 0)
        text.metric("anchorpoint_notices_waiting", .gauge, "Notifications not acknowledged yet.", found.notices?.0 ?? 0)
        text.metric(
            "anchorpoint_notices_oldest_seconds", .gauge, "Age of the oldest of them.", found.notices?.1 ?? 0)
        text.metric("anchorpoint_channels", .gauge, "Open channels.", found.channels?.0 ?? 0)
        text.metric("anchorpoint_channels_failing", .gauge, "Those whose receiver fails.", found.channels?.1 ?? 0)
    }
}

private func labels(_ name: String, _ value: String) -> [(String, String)] { [(name, value)] }
