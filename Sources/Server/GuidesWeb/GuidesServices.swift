import CivilTime
public import Integrations
public import Planning
public import Season

/// What the pages of guide services stand on.
public struct GuidesServices: Sendable {
    let store: SeasonStore
    /// Questions about crews, and promises.
    let planning: PlanningDesk
    /// Linking guides' own calendars, and what counts of them.
    let linking: GuideLinking
    let choices: CalendarChoices
    /// Where services take calendars from.
    let backends: BackendStore
    let switching: BackendSwitch
    /// Where people reach the server, without a slash at the end.
    let publicURL: String
    /// Whether anybody may sign in as anybody: with sample data on this machine only.
    let isSample: Bool
    /// Whether letters that were kept can be read here: on a machine for development that has no mail server.
    let showsLetters: Bool
    /// What linked calendars cost.
    let prices: HostedPrices
    let pause: @Sendable (Duration) async -> Void
    let attempts = AttemptLimiter(limit: 10, seconds: 900)
    let boards = BoardKeeper()
    let plans = SeasonPlanRuns()

    public init(
        planning: PlanningDesk, calendars: GuideCalendarDesks, publicURL: String,
        isSample: Bool, showsLetters: Bool, prices: HostedPrices = .recorded,
        pause: @escaping @Sendable (Duration) async -> Void
    ) {
        (store, self.planning, self.publicURL, self.isSample) = (planning.season, planning, publicURL, isSample)
        (linking, choices) = (calendars.linking, calendars.choices)
        (backends, switching) = (calendars.backends, calendars.switching)
        (self.showsLetters, self.prices, self.pause) = (showsLetters, prices, pause)
    }

    /// The address of the sample service.
    public static let sampleSlug = "basalt-ridge"

    var now: Instant { store.now() }

    func zone(_ id: ZoneID) -> Zone { store.zones.zone(id) ?? .utc }
}

/// The desks at which guides' calendars are linked and chosen, and services choose where they come from.
public struct GuideCalendarDesks: Sendable {
    let linking: GuideLinking
    let choices: CalendarChoices
    let backends: BackendStore
    let switching: BackendSwitch

    public init(
        linking: GuideLinking, choices: CalendarChoices, backends: BackendStore, switching: BackendSwitch
    ) {
        (self.linking, self.choices) = (linking, choices)
        (self.backends, self.switching) = (backends, switching)
    }
}
