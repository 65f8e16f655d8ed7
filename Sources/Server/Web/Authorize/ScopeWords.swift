import Accounts

/// A scope as sentences that go on from "may".
enum ScopeWords {
    static func sentences(of scope: Scope) -> [String] {
        var words = ["see your name, your address and what your calendars are called"]
        if scope.allows(.readEvents) {
            words.append("see your events, with their titles, places and guests")
        } else if scope.allows(.readFreeBusy) {
            words.append("see when you are busy, but not with what")
        }
        let table: [(Scope.Permission, String)] = [
            (.createEvent, "add events, and change the ones it added"),
            (.deleteEvent, "delete the events it added"),
            (.createCalendar, "make new calendars"),
            (.changeParticipationStatus, "answer invitations in your name"),
        ]
        return words + table.filter { scope.allows($0.0) }.map(\.1)
    }

    /// The same of an administrator's.
    static func domainSentences(of scope: Scope) -> [String] {
        let table: [(Scope.Permission, String)] = [
            (.manageAccounts, "open the calendars of people in your domain"),
            (.manageResources, "see your domain’s rooms and equipment, and open their calendars"),
            (.unrestrictedAccounts, "change any event in those people’s calendars, once it asks to"),
            (.unrestrictedResources, "change any event in the calendars of rooms and equipment, once it asks to"),
        ]
        return table.filter { scope.allows($0.0) }.map(\.1)
    }
}
