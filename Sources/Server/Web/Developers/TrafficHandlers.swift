import Accounts
import CivilTime
import HTTPTypes
import Notifications

/// What goes between an application and this server: notifications, requests, and calls to try.
struct TrafficHandlers: Sendable {
    let services: WebServices
    let pages: PageRenderer

    func channels(_ visit: Visit) async throws -> Answer {
        let application = try await services.application(of: visit)
        var question = DeliveryLog.Question(client: application.id)
        (question.failedOnly, question.limit) = (visit.query["show"] == "failed", ChannelsPage.most)
        let page = ChannelsPage(
            application.id, try await services.channels.channels(of: application.id),
            try await services.deliveries.deliveries(question), onlyFailed: question.failedOnly, now: services.now)
        return pages.answer(page, frame: visit.frame(application, .channels), for: visit)
    }

    /// One delivery again, or all that never arrived.
    func replay(_ visit: Visit) async throws -> Answer {
        let application = try await services.application(of: visit)
        let path = PagePath.application(application.id) + "/channels?done="
        guard let number = visit.form["delivery"] else {
            let count = try await services.deliveries.replayFailed(of: application.id)
            return .seeOther(path + (count > 0 ? Notice.replayed : .nothingToReplay).rawValue)
        }
        guard let number = Int64(number, in: 0...Int64.max) else { throw PageFailure.notFound }
        do { try await services.deliveries.replay(number, of: application.id) } catch DeliveryLog.ReplayError.unknown {
            throw PageFailure.notFound
        } catch DeliveryLog.ReplayError.closed { return .seeOther(path + Notice.channelClosed.rawValue) }
        return .seeOther(path + Notice.replayed.rawValue)
    }

    func requests(_ visit: Visit) async throws -> Answer {
        let application = try await services.application(of: visit)
        let page = RequestsPage(application.id, try await services.api.requests(of: application.id))
        return pages.answer(page, frame: visit.frame(application, .requests), for: visit)
    }

    func tryForm(_ visit: Visit) async throws -> Answer {
        let application = try await services.application(of: visit)
        let offers = try await services.api.offers(to: application.id)
        let chosen = offers.first { $0.id == visit.query["call"] } ?? offers.first
        return pages.answer(
            TryPage(application.id, offers, chosen: chosen), frame: visit.frame(application, .trying), for: visit)
    }

    func send(_ visit: Visit) async throws -> Answer {
        let application = try await services.application(of: visit)
        let offers = try await services.api.offers(to: application.id)
        guard let chosen = offers.first(where: { $0.id == visit.form["call"] }),
            let method = TriedCall.Method(rawValue: chosen.method)
        else { throw PageFailure.malformed }
        let (path, body) = (visit.form["path"] ?? "", visit.form.exact("body") ?? "")
        let frame = visit.frame(application, .trying)
        guard path.hasPrefix("/v1/"), path.utf8.count <= 4000, path.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            let page = TryPage(
                application.id, offers, chosen: chosen, path: path, body: body,
                problem: "It must begin with /v1/ and hold no spaces.")
            return pages.answer(page, frame: frame, for: visit, status: .unprocessableContent)
        }
        let call = TriedCall(method: method, path: path, body: method == .get ? "" : body, takesKey: chosen.takesKey)
        let answer = try await services.api.send(call, of: application.id)
        let words = CallWords(call, at: services.publicURL)
        let outcome = TryPage.Outcome(
            status: String(answer.status), tone: StatusTone.of(answer.status),
            headers: answer.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n"), body: answer.body,
            curl: words.curl, python: words.python)
        let page = TryPage(
            application.id, offers, chosen: chosen, path: path, body: body, outcome: outcome)
        return pages.answer(page, frame: frame, for: visit)
    }
}
