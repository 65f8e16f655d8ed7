/// A component as it was read: everything is kept, so that everything can be written again.
public struct Component: Sendable {
    /// In upper case.
    public let name: String
    /// The name in the case it came with, where that is not upper case.
    private let spelled: String?
    public var properties: [Property]
    public var components: [Component]
    private let physicalLine: UInt32
    /// Something that decides what it means was left out, and why.
    let damage: Damage?

    enum Damage: UInt8, Sendable { case tooManyProperties, tooManyParameters, longLine, tooDeep }

    /// What cannot stand in a name is left out of `name`.
    public init(_ name: String, properties: [Property] = [], components: [Component] = []) {
        self.init(
            spelling: String(decoding: ASCII.name(name), as: UTF8.self), properties: properties,
            components: components, line: 0, damage: nil)
    }

    init(spelling: String, properties: [Property], components: [Component], line: Int, damage: Damage?) {
        name = spelling.uppercased()
        spelled = spelling == name ? nil : spelling
        (self.properties, self.components) = (properties, components)
        (physicalLine, self.damage) = (UInt32(truncatingIfNeeded: line), damage)
    }

    /// For names known to be in upper case.
    init(upper name: String, properties: [Property], components: [Component], line: Int, damage: Damage?) {
        (self.name, spelled, self.properties, self.components) = (name, nil, properties, components)
        (physicalLine, self.damage) = (UInt32(truncatingIfNeeded: line), damage)
    }

    /// The name in the case it came with.
    public var spelling: String { spelled ?? name }

    /// The line of its BEGIN, counted from 1; 0 where it was not read.
    public var line: Int { Int(physicalLine) }

    /// The first property of this name, given in any case.
    public func first(_ name: String) -> Property? {
        let known = NameTable.shared.name(name)
        return properties.first { $0.known == known && (known != .other || $0.isNamed(name)) }
    }

    public func all(_ name: String) -> [Property] {
        let known = NameTable.shared.name(name)
        return properties.filter { $0.known == known && (known != .other || $0.isNamed(name)) }
    }

    func first(_ name: KnownName) -> Property? { properties.first { $0.known == name } }

    /// Puts `properties` in place of those of this name, where the first of them stood; none only takes them away.
    public mutating func replace(_ name: String, with new: [Property]) {
        let index = properties.firstIndex { $0.isNamed(name) } ?? properties.count
        properties.removeAll { $0.isNamed(name) }
        properties.insert(contentsOf: new, at: min(index, properties.count))
    }
}

extension Component: Hashable {
    /// Equal in meaning, wherever they stood.
    public static func == (left: Component, right: Component) -> Bool {
        left.name == right.name && left.properties == right.properties && left.components == right.components
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(properties)
        hasher.combine(components)
    }
}
