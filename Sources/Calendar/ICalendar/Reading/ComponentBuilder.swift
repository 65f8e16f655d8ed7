/// Puts properties together to components, with a stack of those that are open; nothing recurs on the input.
struct ComponentBuilder {
    private let limits: ReadLimits
    /// Components below a VCALENDAR stay in it; where not, they are items as soon as they are complete.
    private let keepsChildren: Bool
    private(set) var diagnostics = DiagnosticList()
    private(set) var isTruncated = false
    private var open: [OpenComponent] = []
    /// Properties of the open components, one list for each depth, kept from one component to the next.
    private var properties: [[Property]] = []
    private var done: [Component] = []
    private var items: [ICalendarStream.Item] = []
    private var count = 0
    private var sawCalendar = false
    /// Components being skipped: opened beyond the depth that is read.
    private var skipped = 0
    private var toldOutside = false

    init(limits: ReadLimits, keepsChildren: Bool) { (self.limits, self.keepsChildren) = (limits, keepsChildren) }

    consuming func document() throws(ICalendarReadError) -> ICalendarDocument {
        ICalendarDocument(calendars: done, diagnostics: diagnostics.all, isTruncated: isTruncated)
    }

    mutating func takeItems() -> [ICalendarStream.Item] {
        defer { items = [] }
        return items
    }

    mutating func take(_ property: Property) throws(ICalendarReadError) {
        switch property.known {
        case .begin: try begin(property)
        case .end: end(property)
        default: append(property)
        }
    }

    /// A line that is no property.
    mutating func stray(_ bytes: [UInt8], _ line: Int) {
        guard !open.isEmpty else { return outside(line) }
        let start = String(decoding: bytes.prefix(40), as: UTF8.self)
        note(.warning, line, nil, "'\(start)' is no property", action: "the line was left out")
    }

    mutating func tooLong(name: String?, line: Int, limit: Int) {
        guard !open.isEmpty else { return }
        note(.error, line, name, "the line is longer than \(limit) bytes", action: "it was left out")
        if let name, KnownName(named: name).decidesTime { damage(.longLine) }
    }

    mutating func finish(line: Int) throws(ICalendarReadError) {
        if !open.isEmpty {
            isTruncated = !open[0].isImplied || open.count > 1
            if isTruncated {
                note(.error, line, nil, "the text ends inside \(open[open.count - 1].name)", action: "it was closed")
            }
            while !open.isEmpty { close() }
        }
        guard sawCalendar else { throw .notACalendar }
    }

    // MARK: Properties

    private mutating func append(_ property: Property) {
        guard skipped == 0 else { return }
        guard !open.isEmpty else { return outside(property.line) }
        let depth = open.count - 1
        guard properties[depth].count < limits.properties else {
            if open[depth].damage != .tooManyProperties {
                damage(.tooManyProperties)
                note(
                    .error, property.line, nil, "there are more than \(limits.properties) properties",
                    action: "the rest was left out")
            }
            return
        }
        open[depth].see(property.known)
        properties[depth].append(property)
    }

    private mutating func outside(_ line: Int) {
        guard !toldOutside else { return }
        toldOutside = true
        note(.warning, line, nil, "there is text outside of any calendar", action: "it was left out")
    }

    /// A property had more parameters than are read.
    mutating func cut(_ property: Property) {
        if !open.isEmpty, skipped == 0, property.known.decidesTime { damage(.tooManyParameters) }
    }

    /// The open component lacks a part, and so does the item that holds it.
    private mutating func damage(_ damage: Component.Damage) {
        for depth in Set([min(1, open.count - 1), open.count - 1]) { open[depth].damage = damage }
    }

    // MARK: Components

    private mutating func begin(_ property: Property) throws(ICalendarReadError) {
        let name = ComponentName(property.valueBytes)
        let line = property.line
        if open.isEmpty && name.upper != "VCALENDAR" {
            // Other formats have components of their own.
            guard !["VCARD", "VNOTE", "VMSG", "VBODY", "VENV"].contains(name.upper) else { return outside(line) }
            note(.repaired, line, nil, "\(name.upper) stands outside of any VCALENDAR", action: "one was put around it")
            try push(ComponentName(upper: "VCALENDAR"), line, isImplied: true)
        }
        closeForgotten(before: name.upper, line)
        guard open.count < limits.depth, skipped == 0 else {
            if skipped == 0 {
                note(.error, line, nil, "components stand deeper than \(limits.depth)", action: "they were left out")
                damage(.tooDeep)
            }
            skipped += 1
            return
        }
        try push(name, line, isImplied: false)
    }

    private mutating func push(_ name: ComponentName, _ line: Int, isImplied: Bool) throws(ICalendarReadError) {
        count += 1
        guard count <= limits.components else { throw .tooManyComponents(limit: limits.components) }
        sawCalendar = true
        open.append(OpenComponent(name: name.upper, spelling: name.spelling, line: line, isImplied: isImplied))
        if properties.count < open.count { properties.append([]) }
    }

    /// Components that cannot hold the one that begins now: the END before it is missing.
    private mutating func closeForgotten(before name: String, _ line: Int) {
        guard let parents = ComponentName.parents(of: name),
            let parent = open.lastIndex(where: { parents.contains($0.name) || !ComponentName.isKnown($0.name) })
                ?? (name == "VCALENDAR" ? -1 : nil)
        else { return }
        if skipped > 0 && open.count - 1 > parent { skipped = 0 }
        while open.count - 1 > parent { closeUnended(line) }
    }

    private mutating func end(_ property: Property) {
        let (name, line) = (ComponentName(property.valueBytes).upper, property.line)
        if skipped > 0 {
            guard name == "VCALENDAR" else {
                skipped -= 1
                return
            }
            skipped = 0
        }
        guard open.contains(where: { $0.name == name }) else {
            guard !open.isEmpty else { return outside(line) }
            return note(.repaired, line, nil, "END:\(name.prefix(40)) has no BEGIN", action: "it was left out")
        }
        while let last = open.last, last.name != name { closeUnended(line) }
        close()
    }

    private mutating func closeUnended(_ line: Int) {
        if !open[open.count - 1].isImplied {
            note(.repaired, line, nil, "its END is missing", action: "it was ended here")
        }
        close()
    }

    private mutating func close() {
        let depth = open.count - 1
        for (severity, property, problem) in open[depth].omissions() {
            note(severity, open[depth].line, property, problem)
        }
        let component = open.removeLast().component(properties[depth])
        properties[depth].removeAll(keepingCapacity: true)
        switch (depth, keepsChildren) {
        case (0, true): done.append(component)
        case (0, false): items.append(.calendar(component))
        case (1, false): items.append(.component(component))
        default: open[depth - 1].components.append(component)
        }
    }

    mutating func note(
        _ severity: Diagnostic.Severity, _ line: Int, _ property: String?, _ problem: String,
        action: String? = nil
    ) {
        diagnostics.add(
            Diagnostic(
                severity, line: line, component: open.last?.name, property: property, problem, action: action),
            severity)
    }
}
