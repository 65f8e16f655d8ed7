/// The starts that may be listed, numbered in order.
enum StartGrid {
    /// Multiples of `step` since midnight UTC; it begins anew each day.
    case even(step: Int64)
    /// Ascending, each once.
    case listed([Int64])

    static let day: Int64 = 86_400

    func time(_ index: Int) -> Int64 {
        switch self {
        case .even(let step):
            if Self.day % step == 0 { return Int64(index) * step }
            let perDay = Self.perDay(step)
            let day = Int64(index).floorDivided(by: perDay)
            return day * Self.day + (Int64(index) - day * perDay) * step
        case .listed(let times): return times[index]
        }
    }

    /// The numbers of the starts from `first` to `last`, both included.
    func indices(from first: Int64, through last: Int64) -> Range<Int> {
        let low = ceiling(first)
        return low..<max(low, ceiling(last + 1))
    }

    /// The number of the first start at or after `time`.
    private func ceiling(_ time: Int64) -> Int {
        switch self {
        case .even(let step):
            let day = time.floorDivided(by: Self.day)
            let steps = (time - day * Self.day + step - 1) / step
            return Int(day * Self.perDay(step) + min(steps, Self.perDay(step)))
        case .listed(let times):
            var (low, high) = (0, times.count)
            while low < high {
                let middle = (low + high) / 2
                if times[middle] < time { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private static func perDay(_ step: Int64) -> Int64 { (day + step - 1) / step }

    func contains(_ time: Int64) -> Bool {
        !indices(from: time, through: time).isEmpty
    }
}
