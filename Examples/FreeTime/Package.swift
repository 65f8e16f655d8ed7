// swift-tools-version:6.2
import PackageDescription

let package = Package(
    name: "FreeTime",
    dependencies: [.package(name: "anchorpoint", path: "../..")],
    targets: [
        .executableTarget(
            name: "FreeTime",
            dependencies: [
                .product(name: "Calendar", package: "anchorpoint"),
                .product(name: "Availability", package: "anchorpoint"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
    ])
