import Foundation
import GuardedHTTP
import Mail
public import SQLite
import Season

/// Everything that can be set, from flags, then `ANCHORPOINT_*` variables, then a file of `name = value` lines
/// (`ANCHORPOINT_CONFIG`, or `anchorpoint.conf` in the working folder), then the defaults here.
public struct Configuration: Sendable {
    public var host = "127.0.0.1"
    public var port = 8080
    public var database: DatabaseLocation
    /// Where browsers and applications reach this server; decides links, cookies and development mode.
    public var publicURL: String
    /// File holding the key that seals secrets, in hex; made at first use.
    public var keyFile: String
    /// The key itself in hex, where it comes from the environment.
    public var key: String?
    /// Hosts that may be reached over plain http or on private addresses, by the operator's word.
    public var trustedHosts: [String]
    public var logLevel: String
    /// What an embedded database may lose at a power cut: nothing, unless `synchronous = normal` is set.
    public var durability: SQLiteDatabase.Durability
    /// Requests that one application may make a second and a minute; 0: any number.
    public var requestsPerSecond = 50
    public var requestsPerMinute = 500
    /// Wrong passwords and links in 15 minutes, for each account and each network; 0: any number.
    public var signInTries = 10
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    public var trustedProxies: Set<String> = ["127.0.0.1", "::1"]

    /// Where letters are handed over, and who they come from; nil: they are kept and shown on a machine for development.
    var mail: MailSender?

    /// What linked calendars cost, for forecasts.
    var prices = HostedPrices.recorded

    /// How this server is registered at vendors that people sign in with.
    var vendors: [String: VendorSettings] = [:]

    /// Which addresses calendars may be read from.
    var addressPolicy: AddressPolicy {
        AddressPolicy(isDevelopment ? .development : .publicOnly, plainTextHosts: Set(trustedHosts))
    }
    var client: GuardedClient { GuardedClient(policy: addressPolicy) }

    /// Development mode: everything is on this machine, so calendars on loopback may be read too.
    public var isDevelopment: Bool {
        publicURL.hasPrefix("http://127.0.0.1") || publicURL.hasPrefix("http://localhost")
            || publicURL.hasPrefix("http://[::1]")
    }

    /// Only this machine reaches the server.
    var isLoopback: Bool { isDevelopment && ["127.0.0.1", "localhost", "::1"].contains(host) }

    /// What a setting holds wrongly, in words for the person who set it.
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
        public init(_ description: String) { self.description = description }
    }

    public init(flags: [String: String], environment: [String: String]) throws(Problem) {
        let settings = try Settings(flags: flags, environment: environment)
        host = settings["host"] ?? host
        if let text = settings["port"] {
            guard let number = Int(text), (0...65_535).contains(number) else {
                throw Problem("port: '\(text)' is not a port; give a number from 0 to 65535")
            }
            port = number
        }
        requestsPerSecond = try Self.count("requests-per-second", settings) ?? requestsPerSecond
        requestsPerMinute = try Self.count("requests-per-minute", settings) ?? requestsPerMinute
        signInTries = try Self.count("sign-in-tries", settings) ?? signInTries
        if let text = settings["trusted-proxies"] { trustedProxies = Set(Self.list(text)) }
        let home = environment["HOME"] ?? "."
        let data = environment["XDG_DATA_HOME"] ?? home + "/.local/share"
        database = try DatabaseLocation(settings["database"] ?? "sqlite:\(data)/anchorpoint/anchorpoint.sqlite")
        publicURL = settings["public-url"] ?? "http://\(host == "0.0.0.0" ? "127.0.0.1" : host):\(port)"
        while publicURL.hasSuffix("/") { publicURL.removeLast() }
        guard publicURL.hasPrefix("https://") || publicURL.hasPrefix("http://") else {
            throw Problem("public-url: '\(publicURL)' must begin with https:// (or http:// on this machine)")
        }
        let config = environment["XDG_CONFIG_HOME"] ?? home + "/.config"
        keyFile = settings["key-file"] ?? database.keyFile ?? "\(config)/anchorpoint/key"
        key = settings["key"]
        trustedHosts = Self.list(settings["trusted-hosts"] ?? "")
        logLevel = settings["log-level"] ?? "notice"
        mail = try Self.mail(settings)
        if let file = settings["prices"] { prices = try Self.prices(file) }
        for vendor in VendorSettings.vendors { vendors[vendor] = try VendorSettings(vendor) { settings[$0] } }
        let synchronous = settings["synchronous"] ?? "full"
        guard let level = SQLiteDatabase.Durability(rawValue: synchronous.uppercased()) else {
            throw Problem("synchronous: '\(synchronous)' is neither full nor normal")
        }
        durability = level
    }

    private static func mail(_ settings: Settings) throws(Problem) -> MailSender? {
        guard let url = settings["smtp-url"] else { return nil }
        guard let from = settings["mail-from"].flatMap({ MailSenderName($0) }) else {
            throw Problem(
                "mail-from: wants the address that letters come from, as in 'Redrock Rivers <office@redrock.example>'")
        }
        do { return MailSender(server: try MailServer(url), from: from) } catch {
            throw Problem("smtp-url: \(error.sentence)")
        }
    }

    private static func prices(_ file: String) throws(Problem) -> HostedPrices {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Problem("prices: '\(file)' cannot be read")
        }
        do throws(SeasonError) { return try HostedPrices(reading: data) } catch {
            guard case .invalid(_, let reason) = error else { throw Problem("prices: '\(file)' is no price table") }
            throw Problem("prices: '\(file)' \(reason)")
        }
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private static func count(_ name: String, _ settings: Settings) throws(Problem) -> Int? {
        guard let text = settings[name] else { return nil }
        guard let number = Int(text), (0...1_000_000).contains(number) else {
            throw Problem("\(name): '\(text)' is not a number from 0 to 1000000; 0 takes the limit away")
        }
        return number
    }

    /// `port` is known only when the server listens, where 0 asked for any free one.
    public mutating func listening(on actual: Int, publicURLWasSet: Bool) {
        port = actual
        if !publicURLWasSet { publicURL = "http://\(host == "0.0.0.0" ? "127.0.0.1" : host):\(actual)" }
    }
}

/// Where the data is kept.
public enum DatabaseLocation: Hashable, Sendable {
    case sqlite(path: String)
    case postgresql(url: String)

    public init(_ text: String) throws(Configuration.Problem) {
        if text.hasPrefix("sqlite:") {
            let path = String(text.dropFirst("sqlite:".count))
            guard !path.isEmpty, path != ":memory:" else {
                throw .init("database: sqlite: needs the path of a file, as in sqlite:/var/lib/anchorpoint/data.sqlite")
            }
            self = .sqlite(path: path)
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgresql(url: text)
        } else {
            throw .init("database: '\(text)' is neither sqlite:PATH nor postgres://user@host/name")
        }
    }

    /// The key stands beside an embedded database.
    var keyFile: String? {
        guard case .sqlite(let path) = self else { return nil }
        return path + ".key"
    }
}

/// The layers of settings, the strongest first.
private struct Settings {
    private let layers: [[String: String]]

    init(flags: [String: String], environment: [String: String]) throws(Configuration.Problem) {
        var variables: [String: String] = [:]
        for (name, value) in environment where name.hasPrefix("ANCHORPOINT_") && !value.isEmpty {
            let words = name.dropFirst("ANCHORPOINT_".count).lowercased()
            variables[words.split(separator: "_").joined(separator: "-")] = value
        }
        layers = [flags, variables, try Self.file(variables["config"])]
    }

    subscript(name: String) -> String? { layers.lazy.compactMap { $0[name] }.first }

    private static func file(_ path: String?) throws(Configuration.Problem) -> [String: String] {
        guard let data = FileManager.default.contents(atPath: path ?? "anchorpoint.conf") else {
            guard let path else { return [:] }
            throw .init("config: cannot read '\(path)'")
        }
        var values: [String: String] = [:]
        for (index, line) in String(decoding: data, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .enumerated() {
            let text = line.trimmingCharacters(in: .whitespaces)
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            guard let equals = text.firstIndex(of: "=") else {
                throw .init("config: line \(index + 1) is not 'name = value'")
            }
            let name = text[..<equals].trimmingCharacters(in: .whitespaces)
            values[name] = text[text.index(after: equals)...].trimmingCharacters(in: .whitespaces)
        }
        return values
    }
}
