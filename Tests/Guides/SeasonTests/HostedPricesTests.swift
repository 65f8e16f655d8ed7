import Foundation
import Season
import Testing

@Suite("What linked calendars cost")
struct HostedPricesTests {
    /// Worked out by hand from the recorded tiers: 819 for 1,000 and 0.69 more, 2,399 for 6,000 and 0.35 more.
    @Test("the cheapest tier decides", arguments: [
        (0, "", 0), (1, "Emerging", 81_900), (1_000, "Emerging", 81_900), (1_001, "Emerging", 81_969),
        (3_289, "Emerging", 239_841), (3_290, "Growth", 239_900), (6_000, "Growth", 239_900), (6_010, "Growth", 240_250),
    ] as [(Int64, String, Int64)])
    func tiers(count: Int64, tier: String, price: Int64) {
        let found = HostedPrices.recorded.hosted(count)
        #expect(found.tier == tier && found.price == price)
    }

    @Test("one's own costs less from the first number of accounts on that is dearer")
    func breakEven() {
        var prices = HostedPrices.recorded
        #expect(prices.breakEven == 1)
        prices.selfHosted = 81_900
        #expect(prices.breakEven == 1_001)
        prices.selfHosted = 240_000
        #expect(prices.breakEven == 6_003)
        prices.tiers = [.init(name: "Free", base: 0, accounts: HostedPrices.mostAccounts, further: 1)]
        #expect(prices.breakEven == nil)
    }

    @Test("a file takes its place; one that is no table is refused in words")
    func file() throws {
        let text = """
            {"currency": "EUR", "source": "offer of 3 May", "self_hosted": 4000,
             "tiers": [{"name": "One", "base": 1000, "accounts": 10, "further": 50}]}
            """
        let prices = try HostedPrices(reading: Data(text.utf8))
        #expect(prices.hosted(12).price == 1_100 && prices.currency == "EUR" && prices.breakEven == 71)
        for bad in ["", "{}", text.replacing("1000", with: "-1"), text.replacing("EUR", with: "euros"), text.replacing("50", with: "0.5")] {
            #expect(throws: SeasonError.self, "\(bad)") { try HostedPrices(reading: Data(bad.utf8)) }
        }
    }
}
