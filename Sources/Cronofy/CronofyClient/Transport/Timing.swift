/// Time and chance as the client uses them, passed in so that tests need neither.
struct Timing: Sendable {
    /// Since any fixed moment; never goes back.
    let now: @Sendable () -> Duration
    let pause: @Sendable (Duration) async throws -> Void
    /// From 0 to 1.
    let random: @Sendable () -> Double

    static let system: Timing = {
        let start = ContinuousClock.now
        return Timing(
            now: { start.duration(to: .now) }, pause: { try await Task.sleep(for: $0) },
            random: { Double.random(in: 0...1) })
    }()
}
