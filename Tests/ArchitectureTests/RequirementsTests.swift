import Foundation
import Support
import Testing

/// A row of a table in docs/requirements.md: its name, its state and the files that show it.
struct RequirementRow {
    let name: String
    let state: String
    let checks: [String]

    /// Nil where the line is no row of S or B.
    init?(_ line: Substring) {
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard cells.count == 6, let first = cells[1].first, first == "S" || first == "B",
            Int(cells[1].dropFirst()) != nil
        else { return nil }
        (name, state) = (cells[1], cells[3])
        checks = cells[4].split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// What is wrong with the row, where paths are looked up below `root`.
    func faults(below root: String) -> [String] {
        var faults = checks.filter { !FileManager.default.fileExists(atPath: root + "/" + $0) }.map {
            "\(name) names \($0), which does not exist"
        }
        if !["done", "partly", "not yet"].contains(where: state.hasPrefix) { faults.append("\(name) has no state") }
        if state.hasPrefix("done"), checks.isEmpty { faults.append("\(name) is done but names no check") }
        return faults
    }
}

@Suite("Requirements")
struct RequirementsTests {
    @Test("every row is there once, has a state, and names checks that exist")
    func rows() throws {
        let text = try String(contentsOfFile: PostgresServer.root + "/docs/requirements.md", encoding: .utf8)
        let rows = text.split(separator: "\n").compactMap(RequirementRow.init)
        #expect(rows.map(\.name) == (1...100).map { $0 < 10 ? "S0\($0)" : "S\($0)" } + (1...25).map { "B\($0)" })
        #expect(rows.flatMap { $0.faults(below: PostgresServer.root) }.isEmpty)
    }

    @Test(
        "a row that claims too much is caught",
        arguments: ["| S1 | x | done |  |", "| S1 | x | done | Tests/Nowhere.swift |", "| S1 | x | perhaps | docs |"])
    func control(line: String) throws {
        let row = try #require(RequirementRow(line[...]))
        #expect(row.faults(below: PostgresServer.root).count == 1)
    }
}
