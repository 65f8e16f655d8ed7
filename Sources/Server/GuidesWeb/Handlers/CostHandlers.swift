import CivilTime
import HTTPTypes
import PageKit
import Season
import Trips

/// What linked calendars cost the service: hosted and on a machine of one's own, for the year ahead.
struct CostHandlers: Sendable {
    let services: GuidesServices

    private static let months = 12

    func show(_ visit: GuideVisit) async throws -> Answer {
        let service = try visit.theService()
        let zone = services.zone(service.zone)
        let first = MonthName(containing: zone.civil(at: services.now).date)
        let names = (0..<Self.months).map(first.adding)
        let stretches = names.compactMap { name in
            Period(
                from: zone.instant(of: name.first.midnight), to: zone.instant(of: name.adding(1).first.midnight))
        }
        let found = try await services.store.connectedGuides(of: service.id, in: stretches)
        var prices = services.prices
        let growth = try Self.whole("growth", visit, in: 0...10_000) ?? 0
        let others = try Self.whole("others", visit, in: 0...HostedPrices.mostAccounts) ?? 0
        if let own = try Self.whole("own", visit, in: 0...1_000_000) { prices.selfHosted = own * 100 }
        let lines = zip(names, found.onTrips).enumerated().map { place, month in
            // Both bounded above; growth comes month by month through the year.
            let all = Int64(found.connected) + others + growth * Int64(place) / Int64(Self.months - 1)
            return (month: month.0, onTrips: month.1, all: all, hosted: prices.hosted(all))
        }
        let year = lines.reduce(Int64(0)) { $0 + $1.hosted.price }
        let base = GuidePath.service(service.slug)
        return GuidePage(
            "Costs", section: .settings,
            body: """
                <div class="stack"><div><h1>What linked calendars cost</h1><p class="lead">\(found.connected) of \
                \(found.guides) guides have a calendar linked. Hosted services count accounts that are linked, whether their \
                guides are on trips or not.</p></div>
                <dl class="facts"><dt>Hosted, the year ahead</dt><dd>\(Self.money(year, prices))</dd>
                <dt>On a machine of your own</dt><dd>\(Self.money(prices.selfHosted * Int64(Self.months), prices))</dd>
                <dt>Your own costs less from</dt><dd>\(prices.breakEven.map { "\($0) account\($0 == 1 ? "" : "s") on" } ?? "no number of accounts")</dd></dl>
                <div class="scroll" tabindex="0" role="region" aria-label="By month"><table class="plain"><thead><tr>\
                <th scope="col">Month</th><th scope="col">On trips</th><th scope="col">Accounts</th><th scope="col">Hosted</th>\
                <th scope="col">Your own</th></tr></thead><tbody>\(lines.html { line in
                    """
                    <tr><td>\(line.month.words)</td><td>\(line.onTrips)</td><td>\(line.all)</td>\
                    <td>\(Self.money(line.hosted.price, prices)) \(line.hosted.tier)</td>\
                    <td>\(Self.money(prices.selfHosted, prices))</td></tr>
                    """
                })</tbody></table></div>
                <form class="inline card" action="\(base)/costs">\(Fields.input(
                    "growth", "More guides by the end of the year", type: "number", value: String(growth), min: 0, max: 10_000))
                \(Fields.input("others", "Other accounts under the same contract", type: "number", value: String(others), min: 0, max: 1_000_000))
                \(Fields.input("own", "Machine and time a month, \(prices.currency)", type: "number", value: String(prices.selfHosted / 100), min: 0, max: 1_000_000))
                <button class="primary">Work it out</button></form>
                <p class="sub">Hosted prices: \(prices.source). An operator replaces them by a file: the setting “prices”.</p></div>
                """
        ).answer(for: visit)
    }

    private static func whole(_ name: String, _ visit: GuideVisit, in range: ClosedRange<Int64>) throws -> Int64? {
        guard let text = visit.query[name] else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw SeasonError.invalid(name, "wants a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `1,638.00 USD`.
    private static func money(_ amount: Int64, _ prices: HostedPrices) -> String {
        var digits = String(amount / 100)
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return "\(digits).\(TimeWords.two(Int(amount % 100))) \(prices.currency)"
    }
}
