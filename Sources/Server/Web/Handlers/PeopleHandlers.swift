import Accounts
import CivilTime

/// The list of people, and a person's calendars.
struct PeopleHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer
    private var reader: PeopleReader { PeopleReader(services: services) }

    func start(_ visit: Visit) -> Answer {
        switch visit.session?.role {
        case .owner(let account): .seeOther(PagePath.person(account) + "/schedule")
        case .operator, nil: .seeOther("/people")
        }
    }

    func list(_ visit: Visit) async throws -> Answer {
        guard let page = Int(visit.query["page"] ?? "0", in: 0...100_000) else { throw PageFailure.notFound }
        let (people, total) = try await reader.people(page: page)
        return pages.answer(PeoplePage(people, total: total, page: page, now: services.now), for: visit)
    }

    func person(_ visit: Visit) async throws -> Answer {
        let picture = try await visit.picture(reader)
        let zone = services.zones.zone(picture.account.zone) ?? .utc
        let page = PersonPage(picture, now: services.now, zone: zone, holdsRefresh: visit.query["hold"] != nil)
        var frame = visit.frame(picture, .calendars)
        frame.notice = visit.query["done"].flatMap { Notice(rawValue: $0) }?.text
        if page.isReading && !page.holdsRefresh { frame.refresh = 5 }
        return pages.answer(page, frame: frame, for: visit)
    }

    /// Only calendars that the form listed change: one that appeared since keeps its default.
    func choose(_ visit: Visit) async throws -> Answer {
        let picture = try await visit.picture(reader)
        let (listed, counted) = (Set(visit.form.all("listed")), Set(visit.form.all("counts")))
        for calendar in picture.calendars where listed.contains(calendar.id.value) {
            let counts = counted.contains(calendar.id.value)
            if counts != calendar.isCounted {
                _ = try await services.profiles.setCounted(counts, calendar: calendar.id, of: picture.account.id)
            }
        }
        return .seeOther(PagePath.person(picture.account.id) + "?done=" + Notice.chosen.rawValue)
    }

    func putAside(_ visit: Visit) async throws -> Answer {
        let picture = try await visit.picture(reader)
        let items = try await reader.putAside(of: picture.account.id)
        var frame = visit.frame(picture, .putAside)
        frame.notice = visit.query["done"].flatMap { Notice(rawValue: $0) }?.text
        return pages.answer(PutAsidePage(items, in: picture, now: services.now), frame: frame, for: visit)
    }

    func retry(_ visit: Visit) async throws -> Answer {
        let picture = try await visit.picture(reader)
        // Only compared with.
        guard let item = Int64(try visit.parameter("item")) else { throw PageFailure.notFound }
        try await services.connecting.retry(ItemNumber(item), of: picture.account.id)
        return .seeOther(PagePath.person(picture.account.id) + "/put-aside?done=" + Notice.retried.rawValue)
    }
}

/// What was just done, in the address that a change leads to: words of ours only, never text from the address.
enum Notice: String, Sendable {
    case chosen, connected, paused, resumed, removed, asked, reconnected, retried
    case takenBack = "taken-back"
    case saved, replayed
    case askedToForget = "asked-to-forget"
    case nothingToReplay = "nothing-to-replay"
    case channelClosed = "channel-closed"
    case imported
    case importedInPart = "imported-in-part"

    var text: String {
        switch self {
        case .chosen: "Saved: the calendars that are ticked take your time."
        case .connected: "Connected. The first reading has begun."
        case .paused: "Paused. Nothing is read until you resume."
        case .resumed: "Resumed. It is read again from now on."
        case .removed: "Removed, with its calendars and events."
        case .asked: "Asked: it is read as soon as there is room."
        case .reconnected: "Reconnected. It is read again from now on."
        case .retried: "Asked: the item is read again."
        case .takenBack: "Taken back: the application has no access any more."
        case .saved: "Saved."
        case .askedToForget: "Told: every application that listens knows that you want to be forgotten."
        case .replayed: "Asked: it is sent again, with its id and bytes."
        case .nothingToReplay: "Everything has arrived: there is nothing to send again."
        case .channelClosed: "Its channel is closed: the application must open a new one."
        case .imported: "The file has been brought in."
        case .importedInPart: "The file has been brought in. Some of it could not be read; see what was put aside."
        }
    }
}

extension Visit {
    /// The account that the path names.
    func account() throws(PageFailure) -> AccountID { AccountID(try parameter("account")) }

    /// The picture of the person that the path names.
    func picture(_ reader: PeopleReader) async throws -> PersonPicture {
        guard let picture = try await reader.person(try account()) else { throw PageFailure.notFound }
        return picture
    }

    func frame(_ picture: PersonPicture, _ section: PageHead.Section) -> PageFrame {
        PageFrame(
            head: PageHead(
                picture.account, section: section, putAside: picture.putAside, role: session?.role))
    }
}
