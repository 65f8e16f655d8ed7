/// Rules for places in the grid. Styles inside the page are forbidden by its policy, so each place is a class: `t-9`
/// begins at the ninth quarter of an hour, `h-4` lasts an hour, `l-1-3` is the second of three side by side, and
/// `s-2-3` reaches over two of three.
enum GridRules {
    static let text: String = {
        var rules: [String] = []
        for quarter in 0..<96 {
            rules.append(".t-\(quarter){top:calc(\(quarter)*var(--quarter))}")
            rules.append(".h-\(quarter + 1){height:calc(\(quarter + 1)*var(--quarter))}")
        }
        for hours in 1...24 { rules.append(".hours-\(hours){--hours:\(hours)}") }
        for lanes in 1...DayLayout.laneLimit {
            for lane in 0..<lanes {
                rules.append(".l-\(lane)-\(lanes){left:calc(100%*\(lane)/\(lanes))}")
            }
        }
        for lanes in 1...DayLayout.laneLimit {
            for span in 1...lanes { rules.append(".s-\(span)-\(lanes){width:calc(100%*\(span)/\(lanes))}") }
        }
        for day in 0..<7 { rules.append(".d-\(day){--day:\(day)}") }
        return rules.joined(separator: "\n") + "\n"
    }()
}
