import CivilTime
import HTTPTypes
import PageKit
import Sealing
import Season
import Trips

/// One request as the pages see it: decoded, limited, its visitor and the service it is about known.
struct GuideVisit: Sendable {
    var method: HTTPRequest.Method
    var path: String
    var parameters: [String: String] = [:]
    var query = FormValues()
    var form = FormValues()
    var headers: HTTPFields = [:]
    var person: PersonID?
    var token: Secret?
    /// Stands in every form of this visitor's pages.
    var formToken = ""
    /// Of the path.
    var service: GuideService?
    /// The visitor's place in it.
    var member: Member?
    /// Set where the browser gets a cookie of its own for its forms.
    var newBrowser: Secret?

    func parameter(_ name: String) throws(GuideFailure) -> String {
        guard let value = parameters[name], !value.isEmpty else { throw .notFound }
        return value
    }

    /// The service, which the route made sure of.
    func theService() throws(GuideFailure) -> GuideService {
        guard let service else { throw .notFound }
        return service
    }

    func thePerson() throws(GuideFailure) -> PersonID {
        guard let person else { throw .signInNeeded }
        return person
    }

    var isOffice: Bool { member?.roles.contains(where: \.isOffice) ?? false }
}

/// Why a request got no page of its own.
enum GuideFailure: Error, Hashable, Sendable {
    /// Not there, or not the visitor's: both look alike.
    case notFound
    case signInNeeded
    case foreignForm
    case tooLarge
    case tooMany
    /// Something the visitor asked for cannot be, with what can.
    case refused(title: String, reason: String)
    case unavailable
    case storageFull
    case failed
}
