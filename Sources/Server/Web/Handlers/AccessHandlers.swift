import Accounts
import Authorization
import CivilTime
import Notifications
import StorageKit

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

    /// Tells every application that listens that the person wants to be forgotten. Their access stays until each has ended
    /// it, or the person takes it back.
    func askToForget(_ visit: Visit) async throws -> Answer {
        let account = try visit.account()
        try await services.accounts.database.write { session in
            try ChangeRecorder(account: account, session: session).record(.gdprRequested)
        }
        return .seeOther(PagePath.person(account) + "/applications?done=" + Notice.askedToForget.rawValue)
    }

    func revoke(_ visit: Visit) async throws -> Answer {
        let (account, client) = (try visit.account(), ClientID(try visit.parameter("client")))
        guard try await services.authorization.withdraw(account, from: client) else { throw PageFailure.notFound }
        return .seeOther(PagePath.person(account) + "/applications?done=" + Notice.takenBack.rawValue)
    }
}
