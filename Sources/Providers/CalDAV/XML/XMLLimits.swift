/// What an XML answer may hold. Counted while it is read, so that a bomb costs no more than its limit.
struct XMLLimits: Hashable, Sendable {
    var depth = 64
    var elements = 500_000
    /// On one element.
    var attributes = 64
    /// Bytes of text inside one element.
    var text = 20_000_000
}

/// Why an XML answer was refused.
enum XMLFault: Error, Hashable, Sendable {
    /// A document type: entities and outside files begin there, and no protocol here needs one.
    case documentType
    case tooDeep, tooManyElements, tooManyAttributes, textTooLong
    /// Not well-formed, or cut short.
    case malformed
}
