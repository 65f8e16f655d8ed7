/// A `multipart/form-data` body (RFC 7578), read in one pass over bytes that are in memory and limited already. Parts
/// do not nest: a part that is itself multipart is just its bytes.
struct MultipartForm: Hashable, Sendable {
    var values = FormValues()
    var upload: Visit.Upload?

    /// More parts than any form of ours has.
    static let partLimit = 50
    static let headerLimit = 8192

    enum Failure: Error, Hashable, Sendable { case malformed, tooManyParts }

    /// - Parameter boundary: 1 to 70 characters (RFC 2046 §5.1.1).
    init(_ body: [UInt8], boundary: String) throws(Failure) {
        guard (1...70).contains(boundary.utf8.count) else { throw .malformed }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter has no line break in front of it: skip that.
        guard body.starts(with: delimiter.dropFirst(2)) else { throw .malformed }
        var position = delimiter.count - 2
        for _ in 0..<Self.partLimit {
            if body[position...].starts(with: "--".utf8) { return }
            guard let lineEnd = body.firstRange(of: Array("\r\n".utf8), from: position),
                body[position..<lineEnd].allSatisfy({ $0 == 32 || $0 == 9 }),
                let end = body.firstRange(of: delimiter, from: lineEnd)
            else { throw .malformed }
            try addPart(body[min(lineEnd + 2, end)..<end], body: body, start: lineEnd)
            position = end + delimiter.count
        }
        throw .tooManyParts
    }

    /// The boundary of a content type, or nil where it is not multipart.
    static func boundary(of contentType: String) -> String? {
        guard contentType.lowercased().hasPrefix("multipart/form-data") else { return nil }
        return parameter("boundary", of: contentType)
    }

    private mutating func addPart(_ part: ArraySlice<UInt8>, body: [UInt8], start: Int) throws(Failure) {
        // The blank line after the headers; a part without headers begins with it.
        guard let headerEnd = body.firstRange(of: Array("\r\n\r\n".utf8), from: start), headerEnd + 4 <= part.endIndex,
            headerEnd - start <= Self.headerLimit
        else { throw .malformed }
        let content = body[(headerEnd + 4)..<part.endIndex]
        let headers = String(decoding: body[start..<headerEnd], as: UTF8.self).split(separator: "\r\n")
        guard let line = headers.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
            let name = Self.parameter("name", of: line)
        else { throw .malformed }
        if let file = Self.parameter("filename", of: line) {
            // A file field left empty comes as a part with an empty name (RFC 7578 §4.2).
            if upload == nil, !(file.isEmpty && content.isEmpty) { upload = .init(name: file, bytes: Array(content)) }
        } else {
            values.append(name, String(decoding: content, as: UTF8.self))
        }
    }

    /// A parameter of a header, quoted or not. Browsers escape quotes in names as `%22` (WHATWG HTML §4.10.21.8).
    private static func parameter(_ name: String, of header: some StringProtocol) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, halves[0].trimmed.lowercased() == name else { continue }
            let value = halves[1].trimmed
            return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count >= 2
                ? String(value.dropFirst().dropLast()) : value
        }
        return nil
    }
}

extension [UInt8] {
    /// Where `pattern` first begins at or after `start`. `pattern` begins with a carriage return, which is rare in the
    /// middle of a line, so that the search is linear in practice and bounded by both lengths in the worst case.
    fileprivate func firstRange(of pattern: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        var index = start
        while index <= count - pattern.count {
            if self[index] == first, self[index..<(index + pattern.count)].elementsEqual(pattern) { return index }
            index += 1
        }
        return nil
    }
}
