import Foundation

/// A measurement beside its goal: one line of the table.
struct BenchResult {
    let measurement: Measurement
    let goal: Double

    init(_ measurement: Measurement) throws {
        guard let goal = Goals.ratio(of: measurement) else {
            throw BenchError("Goals has no row for '\(measurement.name)' beside '\(measurement.peer)'")
        }
        (self.measurement, self.goal) = (measurement, goal)
    }

    var isMet: Bool { measurement.ratio >= goal }

    private var cells: [String] {
        let measured = measurement
        return [
            measured.name, Self.number(measured.value), measured.unit, measured.peer, Self.number(measured.peerValue),
            Self.number(measured.ratio), Self.number(goal), isMet ? "met" : "NOT met",
        ]
    }

    static func table(_ results: [BenchResult]) -> String {
        let rows = [["what", "value", "unit", "peer", "peer's", "ratio", "goal", ""]] + results.map(\.cells)
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let isNumber: Set = [1, 4, 5, 6]
        return rows.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return isNumber.contains(column) ? space + row[column] : row[column] + space
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func number(_ value: Double) -> String {
        let digits = value >= 100 ? 0 : value >= 1 ? 2 : 4
        return String(format: "%.\(digits)f", value)
    }

    static func json(_ results: [BenchResult]) -> String {
        let rows = results.map { result in
            let measured = result.measurement
            return "{\"name\":\"\(measured.name)\",\"value\":\(measured.value),\"unit\":\"\(measured.unit)\","
                + "\"peer\":\"\(measured.peer)\",\"peer_value\":\(measured.peerValue),\"ratio\":\(measured.ratio),"
                + "\"goal\":\(result.goal),\"met\":\(result.isMet)}"
        }
        return "{\"results\":[\(rows.joined(separator: ",\n"))]}\n"
    }
}
