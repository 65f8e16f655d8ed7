import Season
import Trips

/// Guides by what people type: a name, and where two have the same name, their address behind it.
struct GuideNames: Sendable {
    private let members: [Member]
    private let twice: Set<String>

    init(_ members: [Member]) {
        self.members = members
        twice = Set(Dictionary(grouping: members, by: { $0.name.lowercased() }).filter { $0.value.count > 1 }.keys)
    }

    /// One for each, in their order.
    var labels: [String] { members.map(label) }

    private func label(_ member: Member) -> String {
        twice.contains(member.name.lowercased()) ? "\(member.name), \(member.email)" : member.name
    }

    /// - Parameter text: a label, whatever its capitals, or a person's id.
    func member(_ text: String) throws(SeasonError) -> Member {
        let wanted = text.lowercased()
        if let found = members.first(where: { $0.person.value == text || label($0).lowercased() == wanted }) {
            return found
        }
        throw .invalid("guide", "wants the name of a guide of this service, as the board lists them")
    }
}
