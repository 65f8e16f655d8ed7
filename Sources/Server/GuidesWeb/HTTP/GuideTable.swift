/// Every page with its address and whom it answers. A page that is not in here does not exist; a test takes each as every
/// role and as a stranger.
struct GuideTable: Sendable {
    let services: GuidesServices
    let cookies: GuideCookies

    var routes: [GuideRoute] {
        let start = StartHandlers(services: services)
        let signIn = GuideSignInHandlers(services: services, cookies: cookies)
        let board = BoardHandlers(services: services)
        let trips = TripHandlers(services: services)
        let own = OwnHandlers(services: services)
        let personal = PersonalHandlers(services: services)
        let calendars = CalendarHandlers(services: services)
        let plan = SeasonPlanHandlers(services: services)
        let office = OfficeHandlers(services: services)
        let platform = PlatformHandlers(services: services)
        let costs = CostHandlers(services: services)
        let guests = GuestHandlers(services: services)
        let feeds = FeedHandlers(services: services)
        let (service, trip, booking) = (
            "/guides/services/{service}", "/guides/services/{service}/trips/{trip}", "/s/{slug}/bookings/{token}"
        )
        return [
            .get("/guides", .everyone, start.start),
            .get("/guides/sign-in", .everyone, signIn.form),
            .post("/guides/sign-in", .everyone, signIn.ask),
            .get("/guides/sign-in/{token}", .everyone, signIn.open),
            .post("/guides/sign-in/{token}", .everyone, signIn.redeem),
            .get("/guides/sign-in-as", .sample, signIn.people),
            .post("/guides/sign-in-as", .sample, signIn.become),
            .post("/guides/sign-out", .signedIn, signIn.end),
            .get("/guides/invitations/{token}", .everyone, signIn.invitation),
            .post("/guides/invitations/{token}", .everyone, signIn.accept),
            .get("/guides/letters", .sample, start.letters),
            .get(service + "/board", .office, board.show),
            .post(service + "/board/assign", .office, board.assign),
            .post(service + "/board/remove", .office, board.remove),
            .get(service + "/plan", .office, plan.show),
            .post(service + "/plan", .office, plan.accept),
            .post(service + "/plan/undo", .office, plan.undo),
            .get(service + "/trips", .office, trips.list),
            .get(service + "/trips/new", .office, trips.form),
            .post(service + "/trips", .office, trips.add),
            .get(trip, .office, trips.show),
            .post(trip + "/move", .office, trips.move),
            .post(trip + "/cancel", .office, trips.cancel),
            .post(trip + "/parties", .office, trips.decide),
            .get(trip + "/crew-sheet", .member, trips.crewSheet),
            .get(service + "/staffing", .office, trips.staffing),
            .get(service + "/health", .office, office.health),
            .get(service + "/members", .office, office.members),
            .post(service + "/members", .owner, office.changeMember),
            .post(service + "/members/invite", .owner, office.invite),
            .post(service + "/members/invitations", .owner, office.changeInvitation),
            .get(service + "/audit", .office, office.audit),
            .get(service + "/letters", .office, office.letters),
            .get(service + "/settings", .owner, office.settings),
            .post(service + "/settings", .owner, office.changeSettings),
            .get(service + "/costs", .owner, costs.show),
            .get(service + "/platform", .owner, platform.show),
            .post(service + "/platform", .owner, platform.add),
            .get(service + "/platform/preview", .owner, platform.preview),
            .post(service + "/platform/switch", .owner, platform.change),
            .post(service + "/templates", .office, office.addTemplate),
            .get("/guides/me/agenda", .signedIn, own.agenda),
            .post("/guides/me/answer", .signedIn, own.answer),
            .get("/guides/me/time", .signedIn, own.time),
            .post("/guides/me/time", .signedIn, own.block),
            .post("/guides/me/time/remove", .signedIn, own.unblock),
            .get("/guides/me/calendars", .signedIn, calendars.show),
            .post("/guides/me/calendars/link", .signedIn, calendars.link),
            .post("/guides/me/calendars/change", .signedIn, calendars.change),
            .get("/guides/calendars/linked", .signedIn, calendars.linked),
            .get("/guides/me/feed", .signedIn, feeds.show),
            .post("/guides/me/feed", .signedIn, feeds.make),
            .get(service + "/feed", .office, feeds.show),
            .post(service + "/feed", .office, feeds.make),
            .get("/guides/feeds/{token}", .everyone, feeds.read),
            .get(trip + "/crew-sheet/calendar", .member, trips.crewCalendar),
            .get("/guides/me/account", .signedIn, own.account),
            .post("/guides/me/password", .signedIn, own.setPassword),
            .post("/guides/me/keys", .signedIn, own.changeKeys),
            .get("/guides/me/data", .signedIn, personal.show),
            .get("/guides/me/data/file", .signedIn, personal.file),
            .post("/guides/me/data/erase", .signedIn, personal.erase),
            .get("/guides/me/worker.js", .everyone, start.worker),
            .get("/guides/manifest.webmanifest", .everyone, start.manifest),
            .get(GuideStyles.path, .everyone, start.styles),
            .get("/s/{slug}", .everyone, guests.dates),
            .post("/s/{slug}/hold", .guest, guests.hold),
            .get("/s/{slug}/held/{party}", .everyone, guests.held),
            .post("/s/{slug}/held/{party}", .guest, guests.commit),
            .get(booking, .everyone, guests.booking),
            .post(booking + "/size", .guest, guests.resize),
            .post(booking + "/move", .guest, guests.move),
            .post(booking + "/cancel", .guest, guests.cancel),
        ] + GuideScripts.Name.allCases.map { name in .get(name.path, .everyone) { _ in start.script(name) } }
    }
}
