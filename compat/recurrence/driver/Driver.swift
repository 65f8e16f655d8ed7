import CivilTime
import Recurrence

// Says what Recurrence makes of rules, for comparison with others: compat/recurrence/run.py. Reads lines of rule, start
// (20310405T090000, or a date), zone, last wall time, how many, RDATE and EXDATE (separated by commas, or -), with tabs
// between; prints for each the instants in seconds since 1970, separated by blanks, or ! and why not.

/// One line of the questions.
struct Question {
    let set: RecurrenceSet
    let end: Instant
    let count: Int

    init?(_ line: String) throws(RuleParseError) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 7, let zone = ZoneDatabase.system.zone(ZoneID(String(fields[2]))),
            let start = Self.start(fields[1], zone), let end = Self.start(fields[3], zone), let count = Int(fields[4])
        else { return nil }
        let lists = fields[5...].map { list in list.split(separator: ",").compactMap { Self.start($0, zone) } }
        let rule = try RecurrenceRule(parsing: String(fields[0]))
        set = RecurrenceSet(start: start, rules: [rule], dates: lists[0], exceptions: lists[1])
        (self.end, self.count) = (end.instant, count)
    }

    private static func start(_ text: Substring, _ zone: Zone) -> RecurrenceSet.Start? {
        let parts = text.split(separator: "T")
        guard let date = parts.first.flatMap({ CivilDate(compact: $0) }) else { return nil }
        guard parts.count == 2 else { return .date(date) }
        return CivilDateTime(date: date, compact: parts[1]).map { .local($0, zone) }
    }

    func answer() throws(ExpansionError) -> [Int64] {
        var found: [Int64] = []
        var cursor = set.cursor(until: Instant(seconds: end.seconds + 1))
        while found.count < count, let instant = try cursor.next() { found.append(instant.seconds) }
        return found
    }
}

@main
enum Driver {
    static func main() {
        while let line = readLine() {
            do {
                let answer = try Question(line)?.answer()
                print(answer.map { $0.map(String.init).joined(separator: " ") } ?? "! not a question")
            } catch { print("! \(error)") }
        }
    }
}
