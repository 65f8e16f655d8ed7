import Accounts
import CivilTime

/// Turns what was typed into a request, and what went wrong into words beside the field it concerns.
enum ConnectForm {
    /// What is wrong before anybody is asked.
    static func problems(of kind: ConnectKind, _ visit: Visit, zones: ZoneDatabase) -> FormProblems {
        var problems = problems(of: kind.fields, visit, zones: zones)
        if kind == .file {
            if visit.upload == nil { problems.fields["file"] = "Choose a file first." }
            if let upload = visit.upload, upload.bytes.isEmpty { problems.fields["file"] = "That file is empty." }
        }
        return problems
    }

    static func problems(of fields: [FormField], _ visit: Visit, zones: ZoneDatabase) -> FormProblems {
        var problems = FormProblems()
        for field in fields { problems.fields[field.name] = field.problem(in: visit.form) }
        if fields.contains(where: { $0.name == "zone" }), let zone = visit.form["zone"],
            zones.zone(ZoneID(zone)) == nil
        {
            problems.fields["zone"] = "There is no such time zone. Write it as Europe/Paris or America/Denver."
        }
        return problems
    }

    /// Nil for a file, and for a form with a problem.
    static func request(_ kind: ConnectKind, _ form: FormValues) -> ConnectRequest? {
        let password = Secret(form.exact("password") ?? "")
        switch kind {
        case .caldav:
            guard let address = form["address"], let username = form["username"] else { return nil }
            return .calDAV(
                address: address, username: username, password: password, confirmedSite: form["confirmed_site"])
        case .icloud: return form["username"].map { .iCloud(appleID: $0, appPassword: password) }
        case .ics: return form["address"].map { .ics(address: Secret($0), name: form["name"]) }
        case .native: return form["name"].map { .native(name: $0, zone: form["zone"].map { ZoneID($0) }) }
        case .file: return nil
        }
    }

    static func problems(after error: ConnectError, of kind: ConnectKind) -> FormProblems {
        var problems = FormProblems()
        // Where the trouble shows: kinds without an address have it as a whole.
        let address = kind.fields.contains { $0.name == "address" } ? "address" : kind == .file ? "file" : nil
        func blame(_ field: String?, _ text: String) {
            if let field { problems.fields[field] = text } else { problems.whole = text }
        }
        switch error {
        case .refusedAddress(let reason): blame(address, reason)
        case .unreachable(let reason): problems.whole = reason
        case .wrongCredential(let reason): blame(kind == .ics ? address : "password", reason)
        case .notACalendar(let reason): blame(address, reason)
        case .needsConfirmation(let site): problems.confirmSite = site
        case .duplicate: problems.whole = "This is connected already. Reconnect it there if it does not work."
        case .unknownProfile: problems.whole = "This connection is gone. Connect it again."
        case .failed: problems.whole = "Something went wrong here; the cause is in the server’s log. Try again later."
        }
        return problems
    }
}
