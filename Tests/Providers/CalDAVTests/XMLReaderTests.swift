import Testing

@testable import CalDAV

@Suite("Reading XML from strangers")
struct XMLReaderTests {
    private func read(_ text: String, _ limits: XMLLimits = XMLLimits()) throws(XMLFault) -> XMLElement {
        try XMLReader.read(Array(text.utf8), limits: limits)
    }

    @Test(
        "names are compared by namespace, whatever the prefix",
        arguments: [
            #"<D:a xmlns:D="DAV:"><D:b>x</D:b></D:a>"#, #"<a xmlns="DAV:"><b>x</b></a>"#,
            #"<ns0:a xmlns:ns0="DAV:"><q:b xmlns:q="DAV:">x</q:b></ns0:a>"#, #"<a xmlns="DAV"><b>x</b></a>"#,
            #"<?xml version="1.0"?><!-- c --><D:a xmlns:D="DAV:"><?pi?><D:b><![CDATA[x]]></D:b></D:a>"#,
        ])
    func namespaces(text: String) throws {
        let root = try read(text)
        #expect(root.name == .dav("a"))
        #expect(root.first(.dav("b"))?.text == "x")
    }

    @Test("text keeps what was sent: carriage returns, entities, CDATA and pieces in between")
    func text() throws {
        let root = try read("<a>one&#13;\n&lt;&amp;<!-- c --><![CDATA[<two>]]>\u{1F600}</a>")
        #expect(root.text == "one\r\n<&<two>\u{1F600}")
    }

    @Test(
        "a document type is refused before anything in it acts",
        arguments: [
            "<!DOCTYPE a><a/>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\"> %p;]><a/>",
            "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><l>&c;</l>",
        ])
    func documentTypes(text: String) { #expect(throws: XMLFault.documentType) { try read(text) } }

    @Test(
        "what is cut short or broken is no answer",
        arguments: [
            "", " ", "<a>", "<a><b></a>", "<a></a", "<a/><b/>", "<a>&unknown;</a>", "<html><br></html>", "{}",
            "\u{0}<a/>", "<a b=1/>",
            "<x:a/>trailing",
        ])
    func malformed(text: String) { #expect(throws: XMLFault.malformed) { try read(text) } }

    @Test(
        "every limit holds at its edge",
        arguments: [
            (64, 1, XMLFault?.none), (65, 1, .tooDeep), (2, 64, nil), (2, 65, .tooManyAttributes),
        ])
    func depthAndAttributes(depth: Int, attributes: Int, fault: XMLFault?) throws {
        let marks = (0..<attributes).map { " a\($0)=\"\"" }.joined()
        let text =
            String(repeating: "<a>", count: depth - 1) + "<a\(marks)/>" + String(repeating: "</a>", count: depth - 1)
        if let fault { #expect(throws: fault) { try read(text) } } else { _ = try read(text) }
    }

    @Test("elements and text are counted while they are read")
    func counts() throws {
        var limits = XMLLimits()
        (limits.elements, limits.text) = (1000, 1000)
        _ = try read("<a>" + String(repeating: "<b/>", count: 999) + "</a>", limits)
        #expect(throws: XMLFault.tooManyElements) {
            try read("<a>" + String(repeating: "<b/>", count: 1000) + "</a>", limits)
        }
        _ = try read("<a>" + String(repeating: "x", count: 1000) + "</a>", limits)
        #expect(throws: XMLFault.textTooLong) { try read("<a>" + String(repeating: "x", count: 1001) + "</a>", limits) }
        #expect(throws: XMLFault.textTooLong) {
            try read("<a><![CDATA[" + String(repeating: "x", count: 1001) + "]]></a>", limits)
        }
    }

    @Test(
        "time grows with the length, not faster",
        arguments: [
            "<b>x</b>", "text ", "<b c='d'/>", "&amp;", "<!-- c -->", "<![CDATA[x]]>",
        ])
    func linear(piece: String) throws {
        func cost(_ count: Int) throws -> Duration {
            let bytes = Array(("<a>" + String(repeating: piece, count: count) + "</a>").utf8)
            return try ContinuousClock().measure { _ = try XMLReader.read(bytes) }
        }
        _ = try cost(1000)
        let (small, large) = (try cost(25_000), try cost(200_000))
        // Eight times the input; a quadratic reader would take 64 times as long.
        #expect(large < small * 32 + .milliseconds(200), "\(small) for 25 000 pieces, \(large) for 200 000")
    }

    @Test("the largest honest answer passes: 50 000 members, and one text of 19 MB")
    func largest() throws {
        let member =
            "<D:response><D:href>/c/0.ics</D:href><D:propstat><D:prop><D:getetag>\"1\"</D:getetag></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
        let list = "<D:multistatus xmlns:D=\"DAV:\">" + String(repeating: member, count: 50_000) + "</D:multistatus>"
        #expect(try read(list).children.count == 50_000)
        #expect(
            try read("<a><![CDATA[" + String(repeating: "x", count: 19_000_000) + "]]></a>").text.utf8.count
                == 19_000_000)
    }

    @Test("what goes into a request is escaped")
    func escaping() throws {
        let hostile = "</D:href>&<x>\u{0}\u{1B}é"
        let root = try XMLReader.read(XMLWriter.document("D:x", "<D:href>\(XMLWriter.escaped(hostile))</D:href>"))
        #expect(root.hrefs == ["</D:href>&<x>é"])
    }
}
