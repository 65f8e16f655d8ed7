import Accounts
import Authorization

/// Every page with its address and whom it answers. A page that is not in here does not exist.
struct PageTable: Sendable {
    let services: WebServices
    let pages: PageRenderer
    let cookie: SessionCookie

    var routes: [PageRoute] {
        let signIn = SignInHandlers(services: services, pages: pages, cookie: cookie)
        let people = PeopleHandlers(services: services, pages: pages)
        let connecting = ConnectHandlers(services: services, pages: pages, cookie: cookie)
        let vendor = VendorHandlers(services: services, pages: pages, cookie: cookie)
        let schedule = ScheduleHandlers(services: services, pages: pages)
        let authorize = AuthorizeHandlers(services: services, pages: pages, cookie: cookie, kind: .person)
        let domain = AuthorizeHandlers(services: services, pages: pages, cookie: cookie, kind: .domain)
        let permissions = PermissionHandlers(services: services, pages: pages)
        let relinking = RelinkHandlers(services: services, pages: pages, cookie: cookie)
        let applications = ApplicationHandlers(services: services, pages: pages)
        let traffic = TrafficHandlers(services: services, pages: pages)
        let application = "/applications/{client}"
        let access = AccessHandlers(services: services, pages: pages)
        let assets = AssetHandlers(stylesheet: pages.stylesheet)
        let (person, connection) = ("/people/{account}", "/people/{account}/connections/{profile}")
        return [
            .get("/", .signedIn, people.start),
            .get("/sign-in", .everyone, signIn.help),
            .get("/sign-in/{token}", .everyone, signIn.open),
            .post("/sign-in/{token}", .everyone, signIn.redeem),
            .post("/sign-out", .signedIn, signIn.end),
            .get("/people", .operatorOnly, people.list),
            .get(person, .account, people.person),
            .post(person + "/calendars", .account, people.choose),
            .get(person + "/schedule", .account, schedule.show),
            .get(person + "/put-aside", .account, people.putAside),
            .post(person + "/put-aside/{item}/retry", .account, people.retry),
            .get(person + "/connect", .account, connecting.kinds),
            .get(person + "/connect/{kind}", .account, connecting.form),
            .post(person + "/connect/{kind}", .account, limit: PageRoute.uploadLimit, connecting.connect),
            .post(connection + "/sync", .account, connecting.syncNow),
            .post(connection + "/pause", .account, connecting.pause),
            .post(connection + "/resume", .account, connecting.resume),
            .get(connection + "/reconnect", .account, connecting.reconnectForm),
            .post(connection + "/reconnect", .account, connecting.reconnect),
            .get(connection + "/remove", .account, connecting.confirmRemoval),
            .post(connection + "/remove", .account, connecting.remove),
            .get("/oauth/authorize", .everyone, authorize.start),
            .post("/oauth/authorize", .everyone, authorize.allow),
            .post("/oauth/authorize/find", .everyone, authorize.find),
            .get("/oauth/authorize/connect/{kind}", .everyone, authorize.form),
            .post("/oauth/authorize/connect/{kind}", .everyone, authorize.connect),
            .get("/connect/{vendor}/callback", .everyone, vendor.comeBack),
            .get("/permissions/{token}", .everyone, permissions.show),
            .post("/permissions/{token}", .everyone, permissions.grant),
            .get("/relink/{token}", .everyone, relinking.show),
            .post("/relink/{token}", .everyone, relinking.relink),
            .get(person + "/applications", .account, access.list),
            .post(person + "/applications/{client}/revoke", .account, access.revoke),
            .post(person + "/forget", .account, access.askToForget),
            .get("/enterprise_connect/oauth/authorize", .everyone, domain.start),
            .post("/enterprise_connect/oauth/authorize/connect", .everyone, domain.connectDomain),
            .get("/applications", .operatorOnly, applications.list),
            .post("/applications", .operatorOnly, applications.create),
            .get(application, .operatorOnly, applications.show),
            .post(application + "/secret", .operatorOnly, applications.rotate),
            .post(application + "/redirects", .operatorOnly, applications.changeRedirects),
            .post(application + "/verification", .operatorOnly, applications.settle),
            .get(application + "/channels", .operatorOnly, traffic.channels),
            .post(application + "/replay", .operatorOnly, traffic.replay),
            .get(application + "/requests", .operatorOnly, traffic.requests),
            .get(application + "/try", .operatorOnly, traffic.tryForm),
            .post(application + "/try", .operatorOnly, traffic.send),
            .get(ZoneScript.path, .everyone, assets.zoneScript),
            .get(pages.stylesheet.path, .everyone, assets.styles),
            .get("/favicon.svg", .everyone, assets.icon),
            .get("/favicon.ico", .everyone, assets.icon),
        ]
    }
}
