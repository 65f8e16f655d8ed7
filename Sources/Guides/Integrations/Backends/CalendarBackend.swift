public import CivilTime
public import CronofyClient
public import Trips

/// `bck_…`.
public typealias BackendID = Identifier<CalendarBackend>

/// Where a guide service's calendars come from: a server of the Cronofy API, and what this one is to it.
public struct CalendarBackend: Hashable, Sendable {
    public let id: BackendID
    public let kind: Kind
    /// The application that stands for us there. Its secret is kept sealed, and apart.
    public let clientID: String

    public enum Kind: Hashable, Sendable {
        /// The platform in this server, reached without a socket. People are sent to `publicURL`.
        case builtIn(publicURL: String)
        /// Another server of the same API, by its addresses.
        case server(apiURL: String, appURL: String)
        /// The hosted service, in one of its data centers.
        case hosted(region: String)
    }

    public init(id: BackendID, kind: Kind, clientID: String) {
        (self.id, self.kind, self.clientID) = (id, kind, clientID)
    }

    /// The addresses; nil where `kind` names a region that there is not.
    public var dataCenter: DataCenter? {
        switch kind {
        case .builtIn(let url): DataCenter(server: url)
        case .server(let api, let app): DataCenter(apiURL: api, appURL: app)
        case .hosted(let region): DataCenter(region: region)
        }
    }

    /// Where data that goes there is kept, as `GuideService.region` names it; nil: on this server.
    public var region: String? {
        if case .hosted(let region) = kind { region.lowercased() } else { nil }
    }

    /// The regions of the hosted service, as services name them.
    public static let regions: [String] = DataCenter.hosted.compactMap(\.region)

    /// In words, for people.
    public var name: String {
        switch kind {
        case .builtIn: "this server"
        case .server(let api, _): "the server at \(api)"
        case .hosted(let region): "hosted Cronofy in \(region.uppercased())"
        }
    }

    public var limits: Limits {
        switch kind {
        case .builtIn: Limits(daysAhead: 731, rate: nil)
        case .server: Limits(daysAhead: 731, rate: .hosted)
        case .hosted: Limits(daysAhead: 201, rate: .hosted)
        }
    }

    /// What it can tell, and how often it may be asked.
    public struct Limits: Sendable {
        /// Days from today for which it knows events.
        public let daysAhead: Int64
        /// Nil: as often as it answers. Limits keep applications off each other, and this server needs none from itself.
        public let rate: RateBudget?

        /// The stretch that is read: from yesterday on, in whole UTC days, so that it moves once a day.
        public func window(now: Instant) -> Period? {
            let day: Int64 = 86_400
            let today = Instant(seconds: now.seconds - (now.seconds % day + day) % day)
            guard let start = today.advanced(bySeconds: -day), let end = today.advanced(bySeconds: daysAhead * day)
            else { return nil }
            return Period(from: start, to: end)
        }
    }
}
