/// Unfolded lines, clean and in UTF-8, shared by the properties that were read from them.
final class LineBuffer: Sendable {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
}
