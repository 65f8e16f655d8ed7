// swift-tools-version:6.2
import PackageDescription

let package = Package(
    name: "FirstSlots",
    dependencies: [.package(name: "anchorpoint", path: "../..")],
    targets: [
        .executableTarget(
            name: "FirstSlots", dependencies: [.product(name: "CronofyClient", package: "anchorpoint")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
    ])
