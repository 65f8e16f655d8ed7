// FuzzTargets: what a fuzzer, or the replay of what it found, checks of a parser that is fed from outside. A check
// traps, throws `FuzzFinding`, or takes too long; anything else is well. Run by Scripts/fuzz and by FuzzTests.

/// A parser under attack.
public protocol FuzzTarget: Sendable {
    /// As in `Scripts/fuzz NAME`.
    static var name: String { get }
    /// - Throws: an expectation that does not hold.
    static func check(_ bytes: [UInt8]) throws(FuzzFinding)
}

public struct FuzzFinding: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

public enum FuzzTargets {
    public static let all: [any FuzzTarget.Type] = [
        CalendarTarget.self, TimeZoneTarget.self, RuleTarget.self, ZoneFileTarget.self, ControlTarget.self,
    ]

    public static func named(_ name: String) -> (any FuzzTarget.Type)? { all.first { $0.name == name } }
}

/// Has a fault, so that it can be shown that faults are found.
public enum ControlTarget: FuzzTarget {
    public static let name = "control"
    public static func check(_ bytes: [UInt8]) throws(FuzzFinding) {
        if bytes.count > 2, bytes[0] == UInt8(ascii: "B"), bytes[1] == UInt8(ascii: "A"), bytes[2] == UInt8(ascii: "D")
        {
            throw FuzzFinding("the planted fault")
        }
    }
}
