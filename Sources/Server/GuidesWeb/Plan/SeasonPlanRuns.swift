import CivilTime
import Planning
import Season
import Synchronization
import Trips

/// Plans of seasons that are being worked out, or were, by what was asked. They are only proposals: what is lost with the
/// process is worked out again when the page is opened, and the same question gives the same plan.
final class SeasonPlanRuns: Sendable {
    struct Question: Hashable, Sendable {
        let service: ServiceID
        let window: Period
        let seed: UInt64
    }

    enum Run: Sendable {
        /// The share that is done, from 0 to 1.
        case working(Double)
        case done(PlannedSeason, seconds: Double)
        case failed
    }

    private let runs = Mutex<[Question: Run]>([:])
    private static let mostRuns = 20
    /// How long a plan is improved before the best one so far is shown.
    static let deadline: Duration = .seconds(20)
    /// How long a page waits for a plan before it shows how far it is.
    private static let patience = 12
    private static let glance: Duration = .milliseconds(50)

    /// Begins what nobody has asked yet, and waits a moment for it.
    func run(
        _ question: Question, planning: PlanningDesk, pause: @Sendable (Duration) async -> Void
    ) async -> Run {
        let isNew = runs.withLock { runs in
            if case .working = runs[question] { return false }
            if case .done = runs[question] { return false }
            if runs.count >= Self.mostRuns { runs = runs.filter { $0.value.isWorking } }
            guard runs.count < Self.mostRuns else { return false }
            runs[question] = .working(0)
            return true
        }
        if isNew { Task { await work(question, planning) } }
        for _ in 0..<Self.patience where state(question).isWorking { await pause(Self.glance) }
        return state(question)
    }

    /// Lets go of a service's plans that are done: its season has changed, or is to be looked at again.
    func forget(_ service: ServiceID) {
        runs.withLock { runs in runs = runs.filter { $0.key.service != service || $0.value.isWorking } }
    }

    /// Where twenty others are being worked out, a plan waits for its turn and begins when its page is opened again.
    private func state(_ question: Question) -> Run { runs.withLock { $0[question] ?? .working(0) } }

    private func work(_ question: Question, _ planning: PlanningDesk) async {
        let began = ContinuousClock.now
        let outcome: Run
        do {
            let made = try await planning.seasonPlan(
                of: question.service, in: question.window, seed: question.seed
            ) { [self] share in
                runs.withLock { $0[question] = .working(share) }
                return ContinuousClock.now - began < Self.deadline
            }
            outcome = .done(made, seconds: (ContinuousClock.now - began) / .seconds(1))
        } catch { outcome = .failed }
        runs.withLock { $0[question] = outcome }
    }
}

extension SeasonPlanRuns.Run {
    var isWorking: Bool { if case .working = self { true } else { false } }
}
