/// A file that an event points to (ATTACH, RFC 5545 §3.8.1.1; FILENAME, RFC 8607 §4.2).
public struct AttachmentLink: Hashable, Sendable {
    public var url: String
    public var fileName: String
    public var contentType: String
    /// Stands in the address of every link of ours, so that they are told from those of others.
    public static let pathMark = "/attachments/att_"

    public init(url: String, fileName: String, contentType: String) {
        (self.url, self.fileName, self.contentType) = (url, fileName, contentType)
    }
}

extension Component {
    /// Puts `links` in place of those set before; attachments that others made stay.
    public mutating func setAttachments(_ links: [AttachmentLink], ofEvent uid: String) {
        for index in components.indices
        where components[index].name == "VEVENT" && components[index].first("UID")?.value == uid {
            let others = components[index].all("ATTACH").filter { !$0.value.contains(AttachmentLink.pathMark) }
            let ours = links.map { link in
                Property(
                    "ATTACH", link.url,
                    parameters: [.init("FMTTYPE", [link.contentType]), .init("FILENAME", [link.fileName])])
            }
            components[index].replace("ATTACH", with: others + ours)
        }
    }

    /// Whether two documents differ in nothing but when they were written.
    public func says(sameAs other: Component) -> Bool { withoutStamps == other.withoutStamps }

    private var withoutStamps: Component {
        var copy = self
        for index in copy.components.indices {
            copy.components[index].properties.removeAll { $0.name == "DTSTAMP" || $0.name == "LAST-MODIFIED" }
        }
        return copy
    }
}
