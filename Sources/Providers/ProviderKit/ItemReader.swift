/// Turns the text of one resource into what the platform keeps of it. Made once, where the zones are known, and handed
/// to each provider, so that all of them read alike.
public struct ItemReader: Sendable {
    private let reading: @Sendable (String) -> RemoteItem.Content

    public init(_ reading: @escaping @Sendable (String) -> RemoteItem.Content) { self.reading = reading }

    /// The content of one resource; never throws, for one bad item stops nothing.
    public func content(of text: String) -> RemoteItem.Content { reading(text) }
}
