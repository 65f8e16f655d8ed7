internal import CXML2

/// Reads XML with libxml2's push parser: no document types, no entities but the five of XML itself, no files, no
/// network; linear in the length of the input.
enum XMLReader {
    /// The root element, once the whole text has proved well-formed.
    static func read(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(XMLFault) -> XMLElement {
        guard isLibraryReady, !bytes.isEmpty else { throw .malformed }
        let builder = XMLTreeBuilder(limits: limits)
        let isWellFormed = parse(bytes, into: builder)
        if let fault = builder.fault { throw fault }
        guard isWellFormed, let root = builder.root else { throw .malformed }
        return root
    }

    private static let isLibraryReady: Bool = {
        xmlInitParser()
        return true
    }()

    /// Large enough to be fast, small enough that a fault stops the work soon.
    private static let chunkSize = 65_536

    private static func parse(_ bytes: [UInt8], into builder: XMLTreeBuilder) -> Bool {
        var callbacks = XMLTreeBuilder.callbacks
        // libxml2 hands the context pointer back unread.
        let target = Unmanaged.passUnretained(builder).toOpaque()
        guard let context = xmlCreatePushParserCtxt(&callbacks, target, nil, 0, nil) else { return false }
        defer { xmlFreeParserCtxt(context) }
        builder.context = context
        defer { builder.context = nil }
        // HUGE lifts libxml2's own limits, which are others than ours; ours are counted in the callbacks.
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_HUGE.rawValue
        // Our own number.
        xmlCtxtUseOptions(context, Int32(options))
        bytes.withUnsafeBytes { raw in
            var start = 0
            while start < raw.count, builder.fault == nil {
                let size = min(chunkSize, raw.count - start)
                // A chunk is far below 2³¹.
                xmlParseChunk(
                    context, raw.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self), Int32(size), 0)
                start += size
            }
            if builder.fault == nil { xmlParseChunk(context, nil, 0, 1) }
        }
        return context.pointee.wellFormed == 1
    }
}
