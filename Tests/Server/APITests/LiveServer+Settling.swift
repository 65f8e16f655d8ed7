import GuardedHTTP
import Integrations
import Jobs
import Notifications
import StorageKit
import Testing

@testable import App

extension LiveServer {
    /// Sends notifications and does the work that is due, until there is none.
    func settle() async throws {
        let sender = CallbackSender(
            policy: .publicOnly, now: AnchorpointPlatform.nowMilliseconds,
            local: platform.guideCalendars.taking(below: LiveServer.base))
        for _ in 0..<100 {
            try await platform.database.write {
                try $0.execute("UPDATE channels SET next_at = 0")
                try $0.execute("UPDATE work SET run_at = 0 WHERE kind = 'guide-read' AND error IS NOT NULL")
            }
            var ended: [(delivery: Delivery, outcome: DeliveryOutcome)] = []
            for delivery in try await platform.notices.claim(.init()).0 {
                ended.append((delivery, await sender.send(delivery)))
            }
            if !ended.isEmpty { try await platform.notices.settle(ended) }
            let jobs = await platform.jobs().runOnce() + platform.guideJobs().runOnce()
            if ended.isEmpty && jobs == 0 { return }
        }
        Issue.record("it did not settle")
    }
}
