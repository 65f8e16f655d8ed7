/// The file whose pages are being given out, so that one poll is one request. Only saves work.
actor FeedCache {
    private var file: FeedFile?

    func file(withDigest digest: String) -> FeedFile? { file?.digest == digest ? file : nil }
    func keep(_ file: FeedFile) { self.file = file }
    func drop() { file = nil }
}
