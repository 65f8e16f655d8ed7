public import Foundation

/// What calendars cost: the tiers of a hosted service and a machine of one's own. Data, and not code: an operator puts a
/// file of the same form in its place (docs/cli.md). Amounts are in the smallest unit of the currency, for a month.
public struct HostedPrices: Hashable, Sendable, Codable {
    public struct Tier: Hashable, Sendable, Codable {
        public var name: String
        public var base: Int64
        /// Accounts that the base pays for.
        public var accounts: Int64
        /// Each further one.
        public var further: Int64

        public init(name: String, base: Int64, accounts: Int64, further: Int64) {
            (self.name, self.base, self.accounts, self.further) = (name, base, accounts, further)
        }

        func price(of count: Int64) -> Int64 { base + max(0, count - accounts) * further }
    }

    /// ISO 4217.
    public var currency: String
    /// Where the figures come from, as of when, and how sure they are: shown beside every figure.
    public var source: String
    public var tiers: [Tier]
    /// A machine that carries it, and somebody's time.
    public var selfHosted: Int64

    public init(currency: String, source: String, tiers: [Tier], selfHosted: Int64) {
        (self.currency, self.source, self.tiers, self.selfHosted) = (currency, source, tiers, selfHosted)
    }

    private enum CodingKeys: String, CodingKey {
        case currency, source, tiers
        case selfHosted = "self_hosted"
    }

    /// Used where the operator gave no file.
    public static let recorded = HostedPrices(
        currency: "USD", source: "a third party’s record of hosted Cronofy’s plans, June 2026; not confirmed by the vendor",
        tiers: [
            Tier(name: "Emerging", base: 81_900, accounts: 1_000, further: 69),
            Tier(name: "Growth", base: 239_900, accounts: 6_000, further: 35),
        ], selfHosted: 7_000)

    /// - Throws: what is wrong with the file, in words.
    public init(reading file: Data) throws(SeasonError) {
        do {
            self = try JSONDecoder().decode(HostedPrices.self, from: file)
        } catch {
            throw .invalid(
                "prices", "wants JSON with currency, source, self_hosted, and tiers of name, base, accounts, further")
        }
        let amounts = tiers.flatMap { [$0.base, $0.accounts, $0.further] } + [selfHosted]
        guard !tiers.isEmpty, tiers.count <= 20, amounts.allSatisfy({ Self.range.contains($0) }), currency.utf8.count == 3
        else {
            throw .invalid("prices", "wants 1 to 20 tiers, whole numbers from 0 to \(Self.range.upperBound), a currency of 3 letters")
        }
    }

    /// Small enough that a price of the most accounts is a number.
    static let range: ClosedRange<Int64> = 0...100_000_000
    public static let mostAccounts: Int64 = 1_000_000

    /// The tier that is cheapest for so many accounts, and what it costs; none are free.
    /// - Parameter count: up to `mostAccounts`.
    public func hosted(_ count: Int64) -> (tier: String, price: Int64) {
        let count = min(count, Self.mostAccounts)
        guard count > 0 else { return ("", 0) }
        return tiers.map { ($0.name, $0.price(of: count)) }.min { $0.1 < $1.1 } ?? ("", 0)
    }

    /// The fewest accounts for which a machine of one's own costs less; nil where none do.
    public var breakEven: Int64? {
        // More accounts never cost less, so that halving finds it.
        var (low, high) = (Int64(1), Self.mostAccounts)
        guard hosted(high).price > selfHosted else { return nil }
        while low < high {
            let middle = (low + high) / 2
            if hosted(middle).price > selfHosted { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
