/// Files that every page uses.
struct AssetHandlers: Sendable {
    let stylesheet: Stylesheet

    func styles(_ visit: Visit) -> Answer { .asset(stylesheet.text, type: "text/css; charset=utf-8") }

    func zoneScript(_ visit: Visit) -> Answer { .asset(ZoneScript.text, type: "text/javascript; charset=utf-8") }

    func icon(_ visit: Visit) -> Answer {
        var answer = Answer.asset(Self.iconText, type: "image/svg+xml")
        answer.isImmutable = false
        return answer
    }

    private static let iconText = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d5c63"/>\
        <g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"><circle cx="16" cy="8.5" r="2.8"/>\
        <path d="M16 11.5v14M11 15h10M7 18.500c.5 4.500 4 7.500 9 7.500s8.500-3 9-7.500"/></g></svg>
        """
}
