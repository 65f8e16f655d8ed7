/// Something one side says that the other has no word for; `sentence` is fit to show.
struct MappingRefusal: Error, Hashable, Sendable {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
}
