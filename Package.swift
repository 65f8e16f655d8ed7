// swift-tools-version:6.2
// The tree is the architecture: one target per leaf folder, and a target may depend only on what stands above it in
// this file. Tests/Architecture holds these arrows; docs/architecture.md explains them.
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

/// A leaf of Sources: `layer/name`, or `name` for a layer of one.
func leaf(_ name: String, in layer: String? = nil, _ dependencies: [Target.Dependency] = []) -> Target {
    let folder = layer.map { "\($0)/\(name)" } ?? name
    return .target(name: name, dependencies: dependencies, path: "Sources/\(folder)", swiftSettings: settings)
}

func tests(_ name: String, in layer: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
    let folder = layer.map { "\($0)/\(name)" } ?? name
    return .testTarget(
        name: name, dependencies: dependencies + ["Support"], path: "Tests/\(folder)", swiftSettings: settings)
}

let package = Package(
    name: "anchorpoint",
    products: [
        .library(name: "Calendar", targets: ["CivilTime", "Recurrence", "ICalendar"]),
        .library(name: "Availability", targets: ["Availability"]),
        .library(name: "CronofyClient", targets: ["CivilTime", "CronofyClient"]),
        .executable(name: "anchorpoint", targets: ["anchorpoint"]),
        .executable(name: "provider-sandbox", targets: ["provider-sandbox"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
    ],
    targets: [
        // System libraries
        .systemLibrary(
            name: "CCurl", path: "Sources/System/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CLibpq", path: "Sources/System/CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/System/COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CXML2", path: "Sources/System/CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        leaf("Sealing", in: "System", ["COpenSSL"]),

        // Calendar: standards as values
        leaf("CivilTime", in: "Calendar"),
        leaf("Recurrence", in: "Calendar", ["CivilTime"]),
        leaf("ICalendar", in: "Calendar", ["CivilTime", "Recurrence"]),

        // Availability: busy times and rules in, bookable time out
        leaf("Availability", ["CivilTime"]),

        // Cronofy: the API's words
        leaf("CronofyWire", in: "Cronofy", ["CivilTime"]),
        leaf("CronofySigning", in: "Cronofy", ["COpenSSL"]),
        leaf("CronofyClient", in: "Cronofy", ["CivilTime", "CronofySigning", "CronofyWire"]),

        // Providers: one folder per outside calendar
        leaf("ProviderKit", in: "Providers", ["CivilTime", "ICalendar"]),
        leaf("ProviderTesting", in: "Providers", ["CivilTime", "ICalendar", "ProviderKit"]),
        leaf("GuardedHTTP", in: "Providers", ["CCurl"]),
        leaf("Mail", in: "Providers", ["CCurl", "CivilTime", "GuardedHTTP"]),
        leaf("SignInKit", in: "Providers", ["CivilTime", "CronofyWire", "GuardedHTTP", "ProviderKit", "Sealing"]),
        leaf("CalDAV", in: "Providers", ["CivilTime", "ICalendar", "ProviderKit", "GuardedHTTP", "CXML2"]),
        leaf("ICSFeed", in: "Providers", ["CivilTime", "COpenSSL", "GuardedHTTP", "ICalendar", "ProviderKit"]),
        leaf(
            "Google", in: "Providers",
            [
                "CivilTime", "COpenSSL", "CronofyWire", "GuardedHTTP", "ICalendar", "ProviderKit", "Recurrence",
                "SignInKit",
            ]),
        leaf(
            "Microsoft", in: "Providers",
            ["CivilTime", "CronofyWire", "GuardedHTTP", "ICalendar", "ProviderKit", "Recurrence", "SignInKit"]),
        leaf("Native", in: "Providers", ["CivilTime", "ICalendar", "ProviderKit"]),

        // Sandbox: stand-ins for outside calendars
        leaf("SandboxKit", in: "Sandbox", ["CivilTime", "CronofyWire", "GuardedHTTP", "Sealing"]),
        leaf("SandboxGoogle", in: "Sandbox", ["CivilTime", "CronofyWire", "Recurrence", "SandboxKit"]),
        leaf("SandboxMicrosoft", in: "Sandbox", ["CivilTime", "CronofyWire", "SandboxKit"]),

        // Storage: one SQL, two databases
        leaf("StorageKit", in: "Storage", [logging]),
        leaf("StorageTesting", in: "Storage", ["StorageKit"]),
        leaf("SQLite", in: "Storage", ["StorageKit", grdb, logging]),
        leaf("PostgreSQL", in: "Storage", ["StorageKit", "CLibpq", logging]),

        // Platform: calendars
        leaf("Accounts", in: "Platform", ["CivilTime", "Sealing", "StorageKit"]),
        leaf(
            "Notifications", in: "Platform",
            ["Accounts", "CivilTime", "CronofySigning", "CronofyWire", "StorageKit"]),
        leaf(
            "Sync", in: "Platform",
            [
                "Accounts", "CivilTime", "Recurrence", "ICalendar", "Notifications", "ProviderKit", "SignInKit",
                "StorageKit",
            ]),
        leaf(
            "Events", in: "Platform",
            ["Accounts", "Sync", "CivilTime", "Recurrence", "ICalendar", "ProviderKit", "StorageKit"]),
        leaf("Scheduling", in: "Platform", ["Accounts", "Availability", "CivilTime", "StorageKit"]),
        leaf(
            "Authorization", in: "Platform",
            ["Accounts", "CivilTime", "Notifications", "ProviderKit", "StorageKit", "Sync"]),

        // Guides: the application of guide services, on the Cronofy API alone
        leaf("Trips", in: "Guides", ["CivilTime"]),
        leaf("Staffing", in: "Guides", ["CivilTime", "Trips"]),
        leaf("Season", in: "Guides", ["CivilTime", "Sealing", "Staffing", "StorageKit", "Trips"]),
        leaf(
            "Integrations", in: "Guides",
            ["CivilTime", "CronofyClient", "CronofySigning", "CronofyWire", "Sealing", "Season", "StorageKit", "Trips"]
        ),
        leaf(
            "Planning", in: "Guides",
            ["CivilTime", "Integrations", "Season", "Staffing", "StorageKit", "Trips"]),

        // Server
        leaf(
            "API", in: "Server",
            [
                "Accounts", "Authorization", "Availability", "CivilTime", "CronofyClient", "CronofyWire", "Events",
                "ICalendar", "Recurrence", "Scheduling", "StorageKit", "Sync", hummingbird, httpTypes, logging, nioCore,
                "GuardedHTTP", "Notifications", "ProviderKit", serviceLifecycle,
            ]),
        leaf("PageKit", in: "Server", [httpTypes, hummingbird]),
        leaf(
            "SandboxServer", in: "Server",
            [
                "CivilTime", "CronofyWire", "GuardedHTTP", "PageKit", "SandboxGoogle", "SandboxKit", "SandboxMicrosoft",
                httpTypes, hummingbird, logging, nioCore,
            ]),
        leaf(
            "Web", in: "Server",
            [
                "PageKit",
                "Accounts", "Authorization", "Availability", "CivilTime", "CronofyWire", "Events", "Notifications",
                "Scheduling",
                "StorageKit", "Sync", httpTypes, hummingbird, logging, mustache,
            ]),
        leaf(
            "GuidesWeb", in: "Server",
            [
                "CivilTime", "CronofyWire", "ICalendar", "Integrations", "PageKit", "Planning", "Sealing", "Season", "Staffing",
                "StorageKit", "Trips",
                hummingbird, httpTypes, logging, nioCore,
            ]),
        leaf(
            "GuidesAPI", in: "Server",
            [
                "CivilTime", "CronofyWire", "Integrations", "Planning", "Sealing", "Season", "Staffing", "StorageKit",
                "Trips", hummingbird, httpTypes, logging, nioCore,
            ]),
        leaf(
            "Jobs", in: "Server",
            [
                "Accounts", "Authorization", "CivilTime", "Events", "ICalendar", "ProviderKit", "StorageKit", "Sync",
                logging, serviceLifecycle,
                "CronofySigning", "GuardedHTTP", "Integrations", "Mail", "Notifications", "Season",
            ]),
        leaf(
            "App", in: "Server",
            [
                "API", "Planning", "GuidesAPI", "GuidesWeb", "Accounts", "Authorization", "Availability", "CalDAV", "CCurl",
                "CivilTime", "Events", "Google", "Microsoft", "SandboxServer", "SignInKit",
                "CronofyClient", "GuardedHTTP", "ICSFeed",
                "ICalendar", "Jobs", "Mail", "Native", "PostgreSQL", "ProviderKit", "Recurrence", "SQLite",
                "Scheduling",
                "StorageKit", "Sync",
                "CronofySigning", "Integrations", "Notifications", "Sealing", "Season", "Trips",
                "Web", "CronofyWire", hummingbird, logging, nioCore, nioHTTPTypes, httpTypes, serviceLifecycle,
            ]),

        // Commands
        .executableTarget(
            name: "anchorpoint", dependencies: ["App", argumentParser], path: "Sources/Commands/anchorpoint",
            swiftSettings: settings),

        .executableTarget(
            name: "provider-sandbox",
            dependencies: [
                "CivilTime", "CronofyWire", "GuardedHTTP", "SandboxKit", "SandboxServer", argumentParser, hummingbird,
                logging,
            ],
            path: "Sources/Commands/provider-sandbox", exclude: ["README.md"], swiftSettings: settings),

        // Measured beside named peers
        .executableTarget(
            name: "bench",
            dependencies: [
                "Accounts", "Availability", "CivilTime", "CronofySigning", "ICalendar", "Notifications", "PostgreSQL",
                "ProviderKit", "Recurrence", "SQLite", "Staffing", "StorageKit", "Sync", "Trips",
            ], path: "bench/runner", swiftSettings: settings),

        .executableTarget(
            name: "bench-bare", dependencies: [hummingbird, logging, nioCore], path: "bench/bare",
            swiftSettings: settings),

        .executableTarget(
            name: "bench-parse", dependencies: ["CivilTime", "ICalendar"], path: "bench/parse", swiftSettings: settings
        ),

        // Answers for us beside other implementations: compat/recurrence
        .executableTarget(
            name: "recurrence-driver", dependencies: ["CivilTime", "Recurrence"], path: "compat/recurrence/driver",
            swiftSettings: settings),

        // Held against OR-tools by compat/solver/run.py
        .executableTarget(
            name: "season-cases", dependencies: ["CivilTime", "Staffing", "Trips"], path: "compat/solver/cases",
            swiftSettings: settings),

        // Beside other libraries: docs/comparison.md
        .executableTarget(
            name: "comparison", dependencies: ["CivilTime", "ICalendar"], path: "compat/comparison/anchorpoint",
            swiftSettings: settings),
        .executableTarget(
            name: "comparison-foundation", path: "compat/comparison/foundation", swiftSettings: settings),

        // Fuzzed by Scripts/fuzz; found cases are replayed by FuzzTests
        .target(
            name: "FuzzTargets", dependencies: ["CivilTime", "Recurrence", "ICalendar"], path: "fuzz/targets",
            swiftSettings: settings),

        // Tests
        .target(
            name: "Support", dependencies: ["CivilTime", "StorageKit", "SQLite", "PostgreSQL"], path: "Tests/Support",
            swiftSettings: settings),
        tests("CivilTimeTests", in: "Calendar", ["CivilTime"]),
        tests("RecurrenceTests", in: "Calendar", ["CivilTime", "Recurrence"]),
        tests("ICalendarTests", in: "Calendar", ["CivilTime", "Recurrence", "ICalendar"]),
        tests("FuzzTests", in: "Calendar", ["CivilTime", "FuzzTargets", "ICalendar"]),
        tests("AvailabilityTests", ["Availability", "CivilTime"]),
        tests("CronofyWireTests", in: "Cronofy", ["CivilTime", "CronofyWire"]),
        tests("CronofyClientTests", in: "Cronofy", ["CivilTime", "CronofyClient", "CronofySigning"]),
        tests("CronofySigningTests", in: "Cronofy", ["CronofySigning"]),
        tests("GuardedHTTPTests", in: "Providers", ["GuardedHTTP"]),
        tests("MailTests", in: "Providers", ["CivilTime", "ICalendar", "Mail"]),
        tests(
            "CalDAVTests", in: "Providers",
            ["CivilTime", "ICalendar", "ProviderKit", "ProviderTesting", "GuardedHTTP", "CalDAV"]),
        tests(
            "ICSFeedTests", in: "Providers",
            ["CivilTime", "ICalendar", "ProviderKit", "ProviderTesting", "GuardedHTTP", "ICSFeed"]),
        tests(
            "MicrosoftTests", in: "Providers",
            [
                "CivilTime", "CronofyWire", "GuardedHTTP", "ICalendar", "Microsoft", "ProviderKit", "ProviderTesting",
                "Recurrence", "SandboxKit", "SandboxMicrosoft", "SignInKit",
            ]),
        tests(
            "GoogleTests", in: "Providers",
            [
                "CivilTime", "CronofyWire", "Google", "GuardedHTTP", "ICalendar", "ProviderKit", "ProviderTesting",
                "Recurrence", "SandboxGoogle", "SandboxKit", "SignInKit",
            ]),
        tests("NativeTests", in: "Providers", ["CivilTime", "ICalendar", "ProviderKit", "ProviderTesting", "Native"]),
        tests("StorageTests", in: "Storage", ["StorageKit", "StorageTesting", "SQLite", "PostgreSQL"]),
        tests(
            "PlatformTests",
            [
                "Accounts", "Availability", "CivilTime", "Events", "ICalendar", "Native", "ProviderKit", "Recurrence",
                "Scheduling", "Notifications", "StorageKit", "Sync",
            ]),
        tests("TripsTests", in: "Guides", ["CivilTime", "Trips"]),
        tests("StaffingTests", in: "Guides", ["CivilTime", "Staffing", "Trips"]),
        tests(
            "IntegrationsTests", in: "Guides",
            [
                "CivilTime", "CronofyClient", "CronofySigning", "CronofyWire", "Integrations", "Sealing", "Season",
                "StorageKit", "Trips",
            ]),
        tests(
            "SeasonTests", in: "Guides",
            [
                "CivilTime", "CronofyClient", "Integrations", "Planning", "PostgreSQL", "Sealing", "Season", "Staffing",
                "StorageKit", "Trips",
            ]),
        tests(
            "JobsTests", in: "Server",
            ["Accounts", "CivilTime", "Events", "ICalendar", "Jobs", "Native", "ProviderKit", "StorageKit", "Sync"]),
        tests(
            "APITests", in: "Server",
            [
                "API", "Planning", "GuidesAPI", "GuidesWeb", "App", "Accounts", "Authorization", "CivilTime", "CronofyClient",
                "CronofyWire",
                "Events",
                "Scheduling", "StorageKit", "Sync", "Web", httpTypes, hummingbird, nioEmbedded, logging,
                "CronofySigning", "GuardedHTTP", "Integrations", "Jobs", "ICalendar", "Mail", "Notifications",
                "ProviderKit", "SandboxKit", "SandboxServer", "Sealing", "Season", "Trips",
            ]),
        tests(
            "WebTests", in: "Server",
            [
                "Web", "Accounts", "Authorization", "CivilTime", "Events", "ICalendar", "PageKit", "SQLite",
                "StorageKit", "Sync", httpTypes, hummingbird, nioEmbedded, logging,
            ]),
        tests(
            "SandboxServerTests", in: "Server",
            ["CivilTime", "CronofyWire", "PageKit", "SandboxKit", "SandboxServer", httpTypes]),
        tests("EndToEndTests", ["App", "CivilTime", "ICalendar", "GuardedHTTP", "StorageKit"]),
        tests("ArchitectureTests", []),
    ]
)
