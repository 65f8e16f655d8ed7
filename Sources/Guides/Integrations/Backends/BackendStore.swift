public import CivilTime
import CronofyClient
public import Sealing
import Season
public import StorageKit
public import Trips

/// The backends that services can choose, with their credentials sealed.
public struct BackendStore: Sendable {
    public let database: any Database
    let key: SealingKey
    let now: @Sendable () -> Instant

    public init(database: any Database, key: SealingKey, now: @escaping @Sendable () -> Instant) {
        (self.database, self.key, self.now) = (database, key, now)
    }

    private static let purpose = "backends.client_secret"

    /// Adds a backend.
    /// - Parameter owner: the service whose credentials these are, which alone may choose it, and who entered them; nil
    ///   for everybody's.
    /// - Throws: `BackendFault.noSuchRegion`.
    @discardableResult
    public func add(
        _ kind: CalendarBackend.Kind, clientID: String, clientSecret: Secret,
        for owner: (service: ServiceID, by: PersonID)? = nil
    ) async throws -> CalendarBackend {
        let backend = CalendarBackend(id: BackendID("bck_" + Crypto.token(20)), kind: kind, clientID: clientID)
        guard let place = backend.dataCenter else { throw BackendFault.noSuchRegion }
        let (sealed, now) = (key.seal(clientSecret, for: Self.purpose), now())
        let (service, person) = (owner?.service, owner?.by)
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO backends (backend_id, kind, region, api_url, app_url, client_id, client_secret, created_at,
                    service_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(backend.id.value), .text(kind.word), SQLValue(backend.region), .text(place.apiURL),
                    .text(place.appURL), .text(clientID), .blob(sealed), .integer(now.seconds),
                    SQLValue(service?.value),
                ])
            if let service, let person {
                try SeasonChange.serviceChanged.record(of: service, by: .person(person), at: now, in: session)
            }
        }
        return backend
    }

    /// Writes a backend's new addresses.
    /// - Throws: `BackendFault.noSuchRegion`.
    public func move(_ id: BackendID, to kind: CalendarBackend.Kind) async throws {
        guard let place = CalendarBackend(id: id, kind: kind, clientID: "").dataCenter else {
            throw BackendFault.noSuchRegion
        }
        try await database.write { session in
            try session.execute(
                "UPDATE backends SET api_url = ?, app_url = ? WHERE backend_id = ?",
                [.text(place.apiURL), .text(place.appURL), .text(id.value)])
        }
    }

    /// Writes a backend's new secret. Processes that run go on with the one they know.
    public func set(secret: Secret, of id: BackendID) async throws {
        let sealed = key.seal(secret, for: Self.purpose)
        try await database.write { session in
            try session.execute(
                "UPDATE backends SET client_secret = ? WHERE backend_id = ?", [.blob(sealed), .text(id.value)])
        }
    }

    public static func all(in session: any ReadSession) throws -> [CalendarBackend] {
        try session.all(select + " ORDER BY created_at, backend_id", [], row)
    }

    /// Those that a service may choose: everybody's, and its own.
    public static func choices(of service: ServiceID, in session: any ReadSession) throws -> [CalendarBackend] {
        try session.all(
            select + " WHERE service_id IS NULL OR service_id = ? ORDER BY created_at, backend_id",
            [.text(service.value)], row)
    }

    public static func backend(_ id: BackendID, in session: any ReadSession) throws -> CalendarBackend? {
        try session.first(select + " WHERE backend_id = ?", [.text(id.value)], row)
    }

    /// The one a service uses: what it chose, or else the built-in one.
    public static func backend(of service: ServiceID, in session: any ReadSession) throws -> CalendarBackend? {
        let chosen = try session.first(
            "SELECT backend_id FROM guide_services WHERE service_id = ?", [.text(service.value)]
        ) { try $0.optionalText(0) }
        if let id = chosen ?? nil { return try backend(BackendID(id), in: session) }
        return try session.first(select + " WHERE kind = 'built-in' ORDER BY created_at, backend_id", [], row)
    }

    /// The client secret: the key of notifications too.
    func secret(of id: BackendID, in session: any ReadSession) throws -> Secret? {
        let sealed = try session.first(
            "SELECT client_secret FROM backends WHERE backend_id = ?", [.text(id.value)]
        ) { try $0.blob(0) }
        return try sealed.map { try key.open($0, for: Self.purpose) }
    }

    private static let select = "SELECT backend_id, kind, region, api_url, app_url, client_id FROM backends"

    private static func row(_ row: any SQLRow) throws -> CalendarBackend {
        let kind: CalendarBackend.Kind =
            switch try row.text(1) {
            case "hosted": .hosted(region: try row.optionalText(2) ?? "")
            case "server": .server(apiURL: try row.text(3), appURL: try row.text(4))
            default: .builtIn(publicURL: try row.text(4))
            }
        return CalendarBackend(id: BackendID(try row.text(0)), kind: kind, clientID: try row.text(5))
    }
}

/// Why a backend cannot be used.
public enum BackendFault: Error, Hashable, Sendable {
    case unknown
    /// The hosted service has no data center of that name.
    case noSuchRegion
}

extension CalendarBackend.Kind {
    var word: String {
        switch self {
        case .builtIn: "built-in"
        case .server: "server"
        case .hosted: "hosted"
        }
    }
}
