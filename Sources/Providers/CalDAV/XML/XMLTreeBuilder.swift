internal import CXML2

/// Builds elements from libxml2's events and counts what they cost. Used by one parse, on its thread.
final class XMLTreeBuilder {
    private(set) var fault: XMLFault?
    private(set) var root: XMLElement?
    var context: xmlParserCtxtPtr?
    private let limits: XMLLimits
    private var open: [XMLElement] = []
    /// The text of the innermost open element, and what its outer ones had before it.
    private var texts: [[UInt8]] = []
    private var elements = 0

    init(limits: XMLLimits) { self.limits = limits }

    private func start(_ name: XMLName, attributeCount: Int, attributes: () -> [String: String]) {
        guard fault == nil else { return }
        elements += 1
        guard elements <= limits.elements else { return stop(.tooManyElements) }
        guard open.count < limits.depth else { return stop(.tooDeep) }
        guard attributeCount <= limits.attributes else { return stop(.tooManyAttributes) }
        var element = XMLElement(name)
        element.attributes = attributes()
        open.append(element)
        texts.append([])
    }

    private func end() {
        guard fault == nil, var element = open.popLast(), let text = texts.popLast() else { return }
        element.text = String(decoding: text, as: UTF8.self)
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    private func add(text: UnsafeBufferPointer<UInt8>) {
        guard fault == nil, !texts.isEmpty else { return }
        let last = texts.count - 1
        guard text.count <= limits.text - texts[last].count else { return stop(.textTooLong) }
        texts[last].append(contentsOf: text)
    }

    private func stop(_ reason: XMLFault) {
        fault = fault ?? reason
        if let context { xmlStopParser(context) }
    }
}

// MARK: - What libxml2 calls

extension XMLTreeBuilder {
    static var callbacks: xmlSAXHandler {
        var callbacks = xmlSAXHandler()
        // Our own number.
        callbacks.initialized = UInt32(XML_SAX2_MAGIC)
        callbacks.internalSubset = { target, _, _, _ in XMLTreeBuilder.at(target)?.stop(.documentType) }
        callbacks.startElementNs = { target, local, _, namespace, _, _, count, _, attributes in
            XMLTreeBuilder.at(target)?.start(
                XMLName(namespace: XMLTreeBuilder.namespace(namespace), local: XMLTreeBuilder.string(local)),
                attributeCount: Int(count),
                attributes: { XMLTreeBuilder.read(attributes, count: Int(count)) })
        }
        callbacks.endElementNs = { target, _, _, _ in XMLTreeBuilder.at(target)?.end() }
        callbacks.characters = { target, bytes, count in XMLTreeBuilder.at(target)?.add(bytes, count) }
        callbacks.ignorableWhitespace = callbacks.characters
        callbacks.cdataBlock = callbacks.characters
        return callbacks
    }

    private static func at(_ target: UnsafeMutableRawPointer?) -> XMLTreeBuilder? {
        target.map { Unmanaged<XMLTreeBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    private func add(_ bytes: UnsafePointer<xmlChar>?, _ count: Int32) {
        add(text: UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(count)))
    }

    /// SOGo's error bodies name the namespace `DAV`, without its colon.
    private static func namespace(_ text: UnsafePointer<xmlChar>?) -> String {
        let name = string(text)
        return name == "DAV" ? "DAV:" : name
    }

    private static func string(_ text: UnsafePointer<xmlChar>?) -> String {
        text.map { String(cString: $0) } ?? ""
    }

    /// libxml2 lays an attribute out as five pointers: name, prefix, namespace, value, value's end.
    private static func read(_ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, count: Int) -> [String:
        String]
    {
        guard let attributes, count > 0 else { return [:] }
        var result: [String: String] = [:]
        for index in 0..<count where attributes[index * 5 + 2] == nil {
            guard let value = attributes[index * 5 + 3], let end = attributes[index * 5 + 4] else { continue }
            let bytes = UnsafeBufferPointer(start: value, count: end - value)
            result[string(attributes[index * 5])] = String(decoding: bytes, as: UTF8.self)
        }
        return result
    }
}
