internal import CivilTime
internal import CronofyWire
internal import HTTPTypes
internal import PageKit
internal import SandboxKit

extension SandboxWorld {
    /// The answer to any request, whose path begins below `base`.
    func reply(to request: SandboxRequest) async -> SandboxReply {
        let parts = request.segments
        if let first = parts.first, let vendor = vendors.first(where: { $0.name == first }) {
            var inner = request
            inner.target.removeFirst(first.utf8.count + 1)
            return await answer(inner, at: vendor)
        }
        switch (request.method, parts) {
        case ("GET", []): return .page(homePage())
        case ("GET", ["style.css"]): return .page(.asset(SandboxPage.style, type: "text/css; charset=utf-8"))
        case ("POST", ["faults"]): return switchFault(request)
        case ("GET", ["faults"]):
            return .answer(SandboxResponse(200, .array(faults.words.map(JSONValue.string))), isCut: false)
        case (_, let parts) where parts.count == 3 && parts[0] == "people":
            guard let vendor = vendors.first(where: { $0.name == parts[1] }), let person = vendor.person(parts[2])
            else {
                return .page(missing)
            }
            guard request.method == "POST" else { return .page(personPage(person, at: vendor)) }
            return .page(await edit(request.form, of: person, at: vendor))
        default: return .page(missing)
        }
    }

    private var missing: Answer {
        SandboxPage.answer(
            "There is nothing here", "<p>Neither a page nor a vendor.</p>", base: base, status: .notFound)
    }

    /// A switch, by the page's form or by a program, which gets JSON.
    private func switchFault(_ request: SandboxRequest) -> SandboxReply {
        let isPage = request.headers["accept"]?.contains("text/html") == true
        do {
            let touched = try carryOut(try FaultOrder(fields(request)))
            guard !isPage else { return .page(.seeOther(base + "/")) }
            return .answer(SandboxResponse(200, .object(["accounts": .integer(Int64(touched))])), isCut: false)
        } catch {
            guard !isPage else { return .page(homePage(problem: error.sentence)) }
            return .answer(SandboxResponse(400, .object(["error": .string(error.sentence)])), isCut: false)
        }
    }

    /// A form, a JSON object of texts and numbers, or the page's form with everything in one field.
    private func fields(_ request: SandboxRequest) throws(PeopleFault) -> FormText {
        if request.headers["content-type"]?.hasPrefix("application/json") == true {
            guard let members = JSONValue.members(of: request.body) else {
                throw PeopleFault("a JSON object is expected")
            }
            let pairs = members.map { name, value in
                let text = value.text ?? String(decoding: value.bytes, as: UTF8.self)
                return PercentCoding.encodeSegment(name) + "=" + PercentCoding.encodeSegment(text)
            }
            return FormText(parsing: pairs.joined(separator: "&"))
        }
        guard let takes = request.form["takes"] else { return request.form }
        let more = takes.split(whereSeparator: { $0 == " " || $0 == "," }).joined(separator: "&")
        return FormText(parsing: String(decoding: request.body, as: UTF8.self) + "&" + more)
    }
}
