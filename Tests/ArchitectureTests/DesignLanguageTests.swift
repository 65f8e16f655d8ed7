import Foundation
import Support
import Testing

@Suite("The design language")
struct DesignLanguageTests {
    /// Rows of the page's table of colours: name, light, dark.
    private static func colours(_ page: String) -> [(name: String, light: String, dark: String)] {
        page.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .init(charactersIn: " `")) }
            return cells.count == 4 && cells[0].hasPrefix("--") && cells[1].hasPrefix("#")
                ? (cells[0], cells[1], cells[2]) : nil
        }
    }

    @Test("is what the styles say, light and dark")
    func colours() throws {
        let page = try String(contentsOfFile: PostgresServer.root + "/docs/design-language.md", encoding: .utf8)
        let styles = try String(
            contentsOfFile: PostgresServer.root + "/Sources/Server/PageKit/BaseStyles.swift", encoding: .utf8)
        let halves = styles.components(separatedBy: "prefers-color-scheme:dark")
        try #require(halves.count == 2)
        let rows = Self.colours(page)
        #expect(rows.count >= 13)
        for row in rows {
            #expect(halves[0].contains("\(row.name):\(row.light);"), "\(row.name)")
            #expect(halves[1].contains("\(row.name):\(row.dark);"), "\(row.name)")
        }
        // The control.
        #expect(!halves[0].contains("--ink:#000000;"))
        for state in ["ok", "wait", "warn", "bad", "off"] {
            #expect(page.contains("`.state.\(state)`") && styles.contains(".state.\(state){"))
        }
    }
}
