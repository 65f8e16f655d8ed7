/// Something one side says that the other has no word for; `sentence` is fit to show.
public struct MappingRefusal: Error, Hashable, Sendable {
    public let sentence: String
    public init(_ sentence: String) { self.sentence = sentence }
}
