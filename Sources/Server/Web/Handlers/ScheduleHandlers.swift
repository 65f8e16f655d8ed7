import Accounts
import CivilTime

/// The week and the month: `?week=2031-W14` or `?month=2031-04`, this week without either; `&view=others` for what
/// others see.
struct ScheduleHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer

    func show(_ visit: Visit) async throws -> Answer {
        let picture = try await visit.picture(PeopleReader(services: services))
        // Where the zone is not in the system's database, UTC is shown and named: no time is passed off as local.
        let zone = services.zones.zone(picture.account.zone) ?? .utc
        let view = ScheduleView(
            picture: picture, zone: zone, now: services.now,
            audience: visit.query["view"] == "others" ? .others : .owner, reader: ScheduleReader(services: services))
        if let text = visit.query["month"] {
            guard let month = text == "now" ? MonthID(of: view.today) : MonthID(parsing: text) else {
                throw PageFailure.notFound
            }
            return pages.answer(try await view.month(month), frame: visit.frame(picture, .month), for: visit)
        }
        let text = visit.query["week"] ?? "now"
        guard let week = text == "now" ? WeekID(of: view.today) : WeekID(parsing: text) else {
            throw PageFailure.notFound
        }
        return pages.answer(try await view.week(week), frame: visit.frame(picture, .week), for: visit)
    }
}
