public import CivilTime
internal import GuardedHTTP
internal import SandboxGoogle
internal import SandboxKit
internal import SandboxMicrosoft

/// Everything there is: the vendors with their people, and what is to go wrong. Safe to share.
public final class SandboxWorld: Sendable {
    let vendors: [any SandboxVendor]
    let faults: FaultDesk
    let pushes: PushDesk
    /// Where it is reached, without a slash at the end.
    let base: String

    /// - Parameters:
    ///   - base: where it is reached, as in `http://127.0.0.1:8090`; links that vendors give begin with it.
    ///   - now: what tokens, channels and subscriptions end by.
    public init(base: String, people: SandboxPeople, now: @escaping @Sendable () -> Instant) throws(SandboxProblem) {
        let faults = FaultDesk()
        let skewed: @Sendable () -> Instant = { now().advanced(bySeconds: Int64(faults.skew)) ?? now() }
        let file = people.file
        let vendors: [any SandboxVendor] = [
            GoogleVendor(clients: file.clients, now: skewed),
            MicrosoftVendor(base: base + "/microsoft/v1.0", clients: file.clients, now: skewed),
        ]
        do {
            for person in file.people {
                for vendor in vendors where vendor.name == person.vendor { try vendor.add(person) }
            }
        } catch { throw SandboxProblem(error.sentence) }
        (self.vendors, self.faults, self.base) = (vendors, faults, base)
        pushes = PushDesk(faults: faults, client: GuardedClient(policy: .development))
    }

    /// Does what `order` says; how many accounts it touched.
    func carryOut(_ order: FaultOrder) throws(PeopleFault) -> Int {
        let chosen = vendors.filter { order.vendor == nil || $0.name == order.vendor }
        guard !chosen.isEmpty else {
            throw PeopleFault("vendor: '\(order.vendor ?? "")' is none; allowed: google, microsoft")
        }
        let found = chosen.map { vendor in
            (
                vendor: vendor,
                people: vendor.people.filter {
                    $0.address.lowercased() == order.person?.lowercased() || order.person == nil
                }
            )
        }
        let people = found.flatMap(\.people)
        guard !people.isEmpty else { throw PeopleFault("person: nobody has the address '\(order.person ?? "")'") }
        switch order.kind {
        case .answers(let fault, let times): faults.add(order, fault, times: times)
        case .pushes(let fault): faults.set(order, pushes: fault)
        case .skew(let seconds): faults.set(skew: seconds)
        case .expireAccess: for vendor in chosen { vendor.identity.expireAccess() }
        case .strictRotation(let isStrict): for vendor in chosen { vendor.identity.setStrict(isStrict) }
        case .end(let end):
            for (vendor, people) in found { for person in people { vendor.identity.end(person.address, because: end) } }
        case .shrink(let scopes):
            for (vendor, people) in found {
                for person in people { vendor.identity.shrink(person.address, without: scopes) }
            }
        case .expireCursors: for person in people { person.expireCursors() }
        case .poison: for person in people { person.poison() }
        case .smallPages(let size): for person in people { person.limitPages(to: size) }
        case .zone(let zone):
            for person in people {
                guard person.move(to: zone) else { throw PeopleFault("zone: '\(zone)' is no time zone") }
            }
        case .heal:
            faults.heal()
            for person in people { person.limitPages(to: nil) }
            for vendor in chosen { vendor.identity.setStrict(false) }
        }
        return people.count
    }
}

/// What is wrong with what it was started with.
public struct SandboxProblem: Error, CustomStringConvertible, Sendable {
    public let description: String
    init(_ description: String) { self.description = description }
}
