import GuardedHTTP
import Testing

@Suite("Addresses as text (RFC 3986)")
struct WebAddressTests {
    @Test(
        "are read into one spelling",
        arguments: [
            ("https://Example.ORG", "https://example.org/"),
            ("webcal://example.org/a.ics", "https://example.org/a.ics"),
            ("https://example.org:443/x", "https://example.org/x"),
            ("https://example.org:8443/x", "https://example.org:8443/x"),
            ("https://example.org./x", "https://example.org/x"),
            ("https://example.org/a/./b/../c", "https://example.org/a/c"),
            ("https://example.org/a/%2e%2E/b", "https://example.org/b"),
            ("https://example.org/%7euser/%c3%a9", "https://example.org/~user/%C3%A9"),
            ("https://example.org/é", "https://example.org/%C3%A9"),
            ("https://example.org/100%", "https://example.org/100%25"),
            ("https://example.org/a%2Fb@c", "https://example.org/a%2Fb@c"),
            ("https://example.org/a?q=1&r=%41#part", "https://example.org/a?q=1&r=A"),
            ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ])
    func reads(text: String, expected: String) throws {
        let address = try WebAddress(parsing: text)
        #expect(address.description == expected)
        #expect(try WebAddress(parsing: address.description) == address)
    }

    @Test(
        "are refused where readers could disagree about them",
        arguments: [
            ("", WebAddress.Fault.empty), ("example.org", .unsupportedScheme),
            ("ftp://example.org/", .unsupportedScheme),
            ("file:///etc/passwd", .unsupportedScheme), ("javascript:alert(1)", .unsupportedScheme),
            ("https:example.org", .unsupportedScheme), ("https://a@example.org/", .userInformation),
            ("https://example.org@10.0.0.1/", .userInformation),
            ("https://example.org\\@10.0.0.1/", .forbiddenCharacter),
            ("https://example.org/a b", .forbiddenCharacter), ("https://example.org/a\r\nHost: x", .forbiddenCharacter),
            ("https://example.org/\u{0}", .forbiddenCharacter), ("https://example.org/\u{7F}", .forbiddenCharacter),
            ("https://exa%00mple.org/", .malformedHost), ("https://exa%6Dple.org/", .malformedHost),
            ("https:///path", .malformedHost), ("https://a..b/", .malformedHost), ("https://[::1/", .malformedHost),
            ("https://[127.0.0.1]/", .malformedHost), ("https://[::1%25eth0]/", .malformedHost),
            ("https://127。0。0。1/", .internationalHost), ("https://①②⑦.0.0.1/", .internationalHost),
            ("https://bücher.example/", .internationalHost), ("https://example.org:0/", .malformedPort),
            ("https://example.org:65536/", .malformedPort), ("https://example.org:+443/", .malformedPort),
            ("https://example.org:４43/", .internationalHost),
        ])
    func refuses(text: String, expected: WebAddress.Fault) {
        #expect(throws: expected) { try WebAddress(parsing: text) }
    }

    @Test(
        "resolve references as RFC 3986 §5.4 shows",
        arguments: [
            ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
            ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q"),
            (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
            ("..", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
            ("..g", "http://a/b/c/..g"), ("./g/.", "http://a/b/c/g/"), ("g/../h", "http://a/b/c/h"),
            ("g;x=1/../y", "http://a/b/c/y"),
        ])
    func resolves(reference: String, expected: String) throws {
        let base = try WebAddress(parsing: "http://a/b/c/d;p?q")
        #expect(try base.resolving(reference).description == expected)
    }

    @Test("compare decoded, but for slashes")
    func comparablePaths() throws {
        let spelled = try ["https://x/a%40b/", "https://x/a@b/"].map { try WebAddress(parsing: $0).comparablePath }
        #expect(spelled[0] == spelled[1])
        #expect(
            try WebAddress(parsing: "https://x/a%2Fb").comparablePath
                != WebAddress(parsing: "https://x/a/b").comparablePath)
    }

    @Test("carry a credential only to its origin and to listed sites")
    func credentialReach() throws {
        let origin = try WebAddress(parsing: "https://caldav.icloud.com/").origin
        let credential = Credential(
            user: "anna", password: Secret("s3cret"), for: origin, alsoFor: [.domain("icloud.com")])
        let allowed = ["https://caldav.icloud.com/", "https://p42-caldav.icloud.com:443/x", "https://icloud.com/"]
        let refused = [
            "http://caldav.icloud.com/", "https://evilicloud.com/", "https://icloud.com.evil.example/",
            "https://caldav.icloud.com.evil/",
        ]
        for text in allowed { #expect(credential.mayGo(to: try WebAddress(parsing: text).origin), "\(text)") }
        for text in refused { #expect(!credential.mayGo(to: try WebAddress(parsing: text).origin), "\(text)") }
        #expect(!"\(credential) \(String(reflecting: credential)) \(credential.password)".contains("s3cret"))
        var dumped = ""
        dump(credential, to: &dumped)
        #expect(!dumped.contains("s3cret"))
    }
}
