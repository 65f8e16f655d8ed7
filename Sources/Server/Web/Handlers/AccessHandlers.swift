import Accounts
import Authorization
import CivilTime

/// The applications that use a person's calendars, and taking that back.
struct AccessHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer

    func list(_ visit: Visit) async throws -> Answer {
        let picture = try await visit.picture(PeopleReader(services: services))
        let ledger = try await services.authorization.ledger(of: picture.account.id)
        var frame = visit.frame(picture, .applications)
        frame.notice = visit.query["done"].flatMap { Notice(rawValue: $0) }?.text
        let zone = services.zones.zone(picture.account.zone) ?? .utc
        return pages.answer(AccessPage(ledger, of: picture.account.id, zone: zone), frame: frame, for: visit)
    }

    func revoke(_ visit: Visit) async throws -> Answer {
        let (account, client) = (try visit.account(), ClientID(try visit.parameter("client")))
        guard try await services.authorization.withdraw(account, from: client) else { throw PageFailure.notFound }
        return .seeOther(PagePath.person(account) + "/applications?done=" + Notice.takenBack.rawValue)
    }
}
