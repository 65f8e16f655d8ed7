public import Hummingbird

extension Response {
    public init(_ answer: Answer) {
        self.init(
            status: answer.status, headers: answer.headers,
            body: answer.body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(string: answer.body)))
    }
}
