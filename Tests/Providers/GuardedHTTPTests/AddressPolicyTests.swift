import Support
import Testing

@testable import GuardedHTTP

@Suite("Which addresses may be reached")
struct AddressPolicyTests {
    static let special = [
        // IPv4, first and last of each range
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255",
        "192.0.0.0",
        "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.0", "192.88.99.255", "192.168.0.0", "192.168.255.255",
        "198.18.0.0", "198.19.255.255", "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0",
        "239.255.255.255", "240.0.0.0", "255.255.255.255", "168.63.129.16",
        // IPv6
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
        "64:ff9b::808:808", "64:ff9b:1::1", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "100::1", "2001::1", "2001:0:ffff::1",
        "2001:db8::1", "2002::1", "2002:7f00:1::", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff00::1",
        "ff02::1",
        "3fff::1", "4000::1", "1000::1", "2001:2::1", "2001:10::1",
    ]

    @Test("every special address is refused", arguments: special)
    func refusesSpecial(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(throws: FetchFailure.addressRefused) { try AddressPolicy.publicOnly.check(try site, at: [address]) }
    }

    @Test(
        "the neighbours of special ranges are not",
        arguments: [
            "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.255",
            "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255", "203.0.114.0", "223.255.255.255", "168.63.129.15", "168.63.129.17", "8.8.8.8",
            "2001:4860:4860::8888",
            "2606:4700::1111", "2a00:1450::1", "2003::1", "2001:db9::1",
        ])
    func admitsPublic(text: String) throws {
        try AddressPolicy.publicOnly.check(try site, at: [try #require(IPAddress(text))])
    }

    @Test("one special answer among public ones spoils them all")
    func refusesMixedAnswers() throws {
        let answers = try ["8.8.8.8", "10.0.0.1"].map { try #require(IPAddress($0)) }
        #expect(throws: FetchFailure.addressRefused) { try AddressPolicy.publicOnly.check(try site, at: answers) }
        let development = try ["127.0.0.1", "10.0.0.1"].map { try #require(IPAddress($0)) }
        #expect(throws: FetchFailure.addressRefused) { try AddressPolicy.development.check(try site, at: development) }
    }

    @Test("the server's own public address is refused")
    func refusesOwnAddress() throws {
        let own = try #require(IPAddress("8.8.4.4"))
        #expect(throws: FetchFailure.addressRefused) {
            try AddressPolicy(.publicOnly, ownAddresses: [own]).check(try site, at: [own])
        }
        let interfaces = SpecialAddresses.ownInterfaces()
        #expect(interfaces.contains(try #require(IPAddress("127.0.0.1"))))
    }

    @Test("a network the operator lists is admitted, its neighbour is not")
    func operatorNetworks() throws {
        let policy = AddressPolicy(.publicOnly, networks: [try #require(IPRange("10.1.0.0/16"))])
        try policy.check(try site, at: [try #require(IPAddress("10.1.2.3"))])
        #expect(throws: FetchFailure.addressRefused) {
            try policy.check(try site, at: [try #require(IPAddress("10.2.0.1"))])
        }
    }

    @Test(
        "schemes and ports follow the operator's lists",
        arguments: [
            ("https://example.org/", nil), ("https://example.org:8443/", nil), ("https://example.org:5232/", nil),
            ("https://example.org:22/", WebAddress.Fault.portRefused), ("http://plain.example/", nil),
            ("http://example.org/", .plainTextRefused), ("http://plain.example:81/", .portRefused),
        ])
    func schemesAndPorts(text: String, fault: WebAddress.Fault?) throws {
        let policy = AddressPolicy(.publicOnly, plainTextHosts: ["Plain.example"], ports: [5232])
        #expect(policy.fault(in: try WebAddress(parsing: text)) == fault)
    }

    @Test(
        "odd spellings of loopback are judged by what they resolve to",
        arguments: [
            "2130706433", "0x7f.1", "0x7f000001", "017700000001", "127.1", "127.0.1", "localhost", "0", "0.0.0.0",
        ])
    func oddSpellings(host: String) async throws {
        let server = LoopbackServer { _ in .text(200, "inside") }
        defer { server.stop() }
        // The operator's list of ports and hosts does not open the network.
        let policy = AddressPolicy(.publicOnly, plainTextHosts: [host], ports: [server.port])
        let address = try WebAddress(parsing: "http://\(host):\(server.port)/")
        await #expect(throws: FetchFailure.addressRefused) {
            try await GuardedClient(policy: policy).send(FetchRequest("GET", address))
        }
        #expect(server.connections == 0)
    }

    @Test(
        "the control: without the check the same request gets inside",
        arguments: ["2130706433", "0x7f.1", "127.1", "localhost"])
    func control(host: String) async throws {
        let server = LoopbackServer { _ in .text(200, "inside") }
        defer { server.stop() }
        var policy = AddressPolicy.publicOnly
        policy.isEnforced = false
        let address = try WebAddress(parsing: "http://\(host):\(server.port)/")
        let answer = try await GuardedClient(policy: policy).send(FetchRequest("GET", address))
        #expect(String(decoding: answer.body, as: UTF8.self) == "inside")
        #expect(server.connections == 1)
    }

    @Test("refused and unreachable read alike")
    func oneSentence() {
        #expect(FetchFailure.addressRefused.sentence == FetchFailure.notReached.sentence)
    }

    private var site: WebAddress {
        get throws { try WebAddress(parsing: "https://example.org/") }
    }
}
