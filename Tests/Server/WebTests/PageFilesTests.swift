import Accounts
import Foundation
import Testing

@testable import Web

@Suite("Every page as a file", .enabled(if: ProcessInfo.processInfo.environment["ANCHORPOINT_PAGES"] != nil))
struct PageFilesTests {
    @Test("writes each page into the folder ANCHORPOINT_PAGES, to look at")
    func write() async throws {
        let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["ANCHORPOINT_PAGES"] ?? "")
        let stand = try await Stand()
        let sample = try await Sample.fill(stand)
        let browser = try await Browser.signedIn(stand, as: nil)
        let person = "/people/\(sample.maya.value)"
        let link = try await stand.services.signIns.issueLink(account: nil).reveal()
        let paths = [
            ("people", "/people"), ("person", person), ("empty", "/people/\(sample.noor.value)"),
            ("week", person + "/schedule"), ("week-others", person + "/schedule?view=others"),
            ("week-dst", person + "/schedule?week=2031-W13"), ("week-unknown", person + "/schedule?week=2030-W13"),
            ("month", person + "/schedule?month=2031-04"), ("connect", person + "/connect"),
            ("caldav", person + "/connect/caldav"), ("remove", person + "/connections/pro_4/remove"),
            ("aside", person + "/put-aside"), ("missing", "/nowhere"), ("sign-in", "/sign-in/\(link)"),
            ("sign-in-used", "/sign-in/nothing"),
        ]
        let styles = PageRenderer.stylesheetName
        for (name, path) in paths {
            let reply = try await browser.get(path)
            let text = reply.text.replacingOccurrences(of: stand.pages.stylesheet.path, with: styles)
                .replacingOccurrences(of: "http-equiv=\"refresh\"", with: "")
            try text.write(to: folder.appendingPathComponent(name + ".html"), atomically: true, encoding: .utf8)
        }
        stand.calendars.fail(with: .wrongCredential(reason: "The server does not accept this user name and password."))
        let refused = try await browser.submit(
            person + "/connect/caldav",
            [("address", "cloud.example.com"), ("username", "maya"), ("password", "x")],
            from: person + "/connect/caldav")
        try refused.text.replacingOccurrences(of: stand.pages.stylesheet.path, with: styles)
            .write(to: folder.appendingPathComponent("caldav-refused.html"), atomically: true, encoding: .utf8)
        try stand.pages.stylesheet.text.write(
            to: folder.appendingPathComponent(styles), atomically: true, encoding: .utf8)
    }
}

extension PageRenderer {
    fileprivate static var stylesheetName: String { "style.css" }
}
