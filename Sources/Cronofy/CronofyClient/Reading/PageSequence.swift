import CronofyWire

/// The elements of a list that comes in pages. A page is asked for when the one before it has been read.
public struct PageSequence<Element: Sendable>: AsyncSequence, Sendable {
    let account: CronofyAccount
    let first: APICall
    let read: @Sendable (AnswerReader) throws(CronofyError) -> [Element]

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(account: account, next: first, read: read)
    }

    /// All elements at once.
    public func collected() async throws(CronofyError) -> [Element] {
        var elements: [Element] = []
        var iterator = makeAsyncIterator()
        while let element = try await iterator.next(isolation: nil) { elements.append(element) }
        return elements
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let account: CronofyAccount
        /// The page to ask for; nil after the last.
        var next: APICall?
        let read: @Sendable (AnswerReader) throws(CronofyError) -> [Element]
        private var elements: ArraySlice<Element> = []

        init(
            account: CronofyAccount, next: APICall,
            read: @escaping @Sendable (AnswerReader) throws(CronofyError) -> [Element]
        ) { (self.account, self.next, self.read) = (account, next, read) }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(CronofyError) -> Element? {
            while elements.isEmpty {
                guard let call = next else { return nil }
                let answer = try await account.call(call)
                elements = try read(answer)[...]
                let page = try answer.nested("pages").optionalText("next_page")
                next = page.flatMap { $0.isEmpty ? nil : .get($0) }
            }
            return elements.popFirst()
        }
    }
}
