import Testing

@testable import Web

@Suite("Forms")
struct FormTests {
    @Test(
        "urlencoded fields are decoded, in order",
        arguments: [
            ("a=1&b=2", [["a", "1"], ["b", "2"]]),
            ("name=Maya+L%C3%ADn&x=", [["name", "Maya Lín"], ["x", ""]]),
            ("a=b=c", [["a", "b=c"]]),
            ("a=%zz%2&&=v", [["a", "%zz%2"], ["", "v"]]),
            ("a=%FF", [["a", "\u{FFFD}"]]),
        ])
    func urlEncoded(text: String, expected: [[String]]) {
        #expect(FormValues(urlEncoded: text).pairs.map { [$0.name, $0.value] } == expected)
    }

    @Test("reads no more fields than the limit")
    func fieldLimit() {
        let text = [String](repeating: "a=1", count: FormValues.limit + 10).joined(separator: "&")
        #expect(FormValues(urlEncoded: text).pairs.count <= FormValues.limit)
    }

    @Test("segments survive coding both ways", arguments: ["acc_1", "a/b", "ä %?#&", "..", "日本"])
    func segments(text: String) {
        let coded = PercentCoding.encodeSegment(text)
        #expect(PercentCoding.decode(coded.utf8, plusIsSpace: false) == text)
        #expect(!coded.contains("/"))
    }

    private static func body(_ parts: [String], end: String = "\r\n--XX--\r\n") -> [UInt8] {
        Array((parts.map { "--XX\r\n" + $0 }.joined(separator: "\r\n") + end).utf8)
    }

    @Test("a multipart form gives its fields and its file, bytes untouched")
    func multipart() throws {
        let file = "BEGIN:VCALENDAR\r\n--X\r\nEND:VCALENDAR\r\n"
        let form = try MultipartForm(
            Self.body([
                "Content-Disposition: form-data; name=\"form_token\"\r\n\r\nabc",
                "content-disposition: form-data; name=\"file\"; filename=\"../../etc/my cal.ics\"\r\n"
                    + "Content-Type: text/calendar\r\n\r\n\(file)",
            ]), boundary: "XX")
        #expect(form.values["form_token"] == "abc")
        #expect(form.upload == Visit.Upload(name: "../../etc/my cal.ics", bytes: Array(file.utf8)))
    }

    @Test("a file field left empty is no file")
    func emptyFile() throws {
        let form = try MultipartForm(
            Self.body(["Content-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n"]), boundary: "XX")
        #expect(form.upload == nil)
    }

    @Test(
        "refuses bodies that are not what they say",
        arguments: [
            "", "--", "--XX", "--XX\r\n", "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
            "--XX\r\nno headers\r\n--XX--", "--XX\r\n\r\nno name\r\n--XX--",
            "--XXjunk\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--XX--",
        ])
    func malformed(text: String) {
        #expect(throws: MultipartForm.Failure.malformed) { try MultipartForm(Array(text.utf8), boundary: "XX") }
    }

    @Test("refuses more parts than any form has")
    func partLimit() {
        let parts = [String](repeating: "Content-Disposition: form-data; name=\"a\"\r\n\r\nv", count: 60)
        #expect(throws: MultipartForm.Failure.tooManyParts) { try MultipartForm(Self.body(parts), boundary: "XX") }
    }

    @Test("every cut of a good body is refused or read, never a trap")
    func cuts() {
        let whole = Self.body(["Content-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\nv"])
        for length in 0..<whole.count { _ = try? MultipartForm(Array(whole.prefix(length)), boundary: "XX") }
    }

    @Test(
        "boundaries are read quoted and unquoted",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data; boundary=\"a b\"", "a b"),
        ])
    func boundary(type: String, expected: String) { #expect(MultipartForm.boundary(of: type) == expected) }
}
