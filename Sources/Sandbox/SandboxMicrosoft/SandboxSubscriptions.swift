internal import CivilTime
internal import CronofyWire
internal import SandboxKit

/// Somebody who is told of changes (`subscription`).
struct SandboxSubscription {
    let id: String
    /// Nil: all of the mailbox's calendars.
    let calendar: String?
    let resource, notificationURL: String
    let lifecycleURL, clientState: String?
    let changeTypes: Set<String>
    var expiresAt: Instant

    var json: JSONValue {
        var json: [String: JSONValue] = [
            "@odata.context": .string("https://graph.microsoft.com/v1.0/$metadata#subscriptions/$entity"),
            "id": .string(id), "resource": .string(resource), "notificationUrl": .string(notificationURL),
            "changeType": .string(changeTypes.sorted().joined(separator: ",")),
            "expirationDateTime": .string(SandboxTimes.stamp(expiresAt)), "applicationId": .string("sandbox-client"),
            "creatorId": .string("sandbox"),
        ]
        json["lifecycleNotificationUrl"] = lifecycleURL.map(JSONValue.string)
        json["clientState"] = clientState.map(JSONValue.string)
        return .object(json)
    }
}

extension SandboxState {
    /// Minutes that Graph gives an Outlook subscription at most, and at least.
    private static let minutes: ClosedRange<Int64> = 45...10_080

    mutating func subscriptions(_ request: SandboxRequest, _ id: String?) throws(SandboxRefusal) -> SandboxResponse {
        let ended = subscriptions.values.filter { $0.expiresAt <= now() }
        for subscription in ended { subscriptions[subscription.id] = nil }
        guard let id else {
            guard request.method == "POST" else {
                return list(subscriptions.values.sorted { $0.id < $1.id }.map(\.json), request)
            }
            return SandboxResponse(201, try subscribe(try json(request.body)).json)
        }
        guard var subscription = subscriptions[id] else { throw SandboxRefusal(404, "ResourceNotFound") }
        switch request.method {
        case "GET": break
        case "PATCH":
            subscription.expiresAt = try end(try json(request.body)["expirationDateTime"]?.text)
            subscriptions[id] = subscription
        case "DELETE":
            subscriptions[id] = nil
            return SandboxResponse(204)
        default: throw SandboxRefusal(405, "Request_BadRequest")
        }
        return SandboxResponse(200, subscription.json)
    }

    private mutating func subscribe(_ json: [String: JSONValue]) throws(SandboxRefusal) -> SandboxSubscription {
        guard let resource = json["resource"]?.words, let url = json["notificationUrl"]?.words,
            let types = json["changeType"]?.words
        else { throw SandboxRefusal(400, "InvalidRequest") }
        let words = Set(types.split(separator: ",").map { String($0.filter { $0 != " " }) })
        guard words.isSubset(of: ["created", "updated", "deleted"]), json["clientState"]?.text?.utf8.count ?? 0 <= 128
        else { throw SandboxRefusal(400, "InvalidRequest") }
        let parts = SandboxRequest("GET", "/" + resource).segments
        let calendar: String?
        switch parts {
        case ["me", "events"]: calendar = nil
        case ["me", "calendar", "events"]: calendar = calendars.first { $0.isDefault }?.id
        case let parts where parts.count == 4 && parts[1] == "calendars" && parts[3] == "events":
            guard calendars.contains(where: { $0.id == parts[2] }) else {
                throw SandboxRefusal(404, "ErrorItemNotFound")
            }
            calendar = parts[2]
        default: throw SandboxRefusal(400, "ExtensionError")
        }
        let isHeld = subscriptions.values.contains {
            $0.resource == resource && $0.changeTypes == words && $0.notificationURL == url
        }
        guard !isHeld else { throw SandboxRefusal(409, "Conflict") }
        number += 1
        let subscription = SandboxSubscription(
            id: "5ab00000-0000-4000-8000-" + String(String(number + 1_000_000_000_000).suffix(12)), calendar: calendar,
            resource: resource, notificationURL: url, lifecycleURL: json["lifecycleNotificationUrl"]?.words,
            clientState: json["clientState"]?.words, changeTypes: words,
            expiresAt: try end(json["expirationDateTime"]?.text))
        subscriptions[subscription.id] = subscription
        return subscription
    }

    /// Too short is made longer; too long is refused.
    private func end(_ text: String?) throws(SandboxRefusal) -> Instant {
        let asked = try SandboxTimes.instant(text)
        let now = now()
        guard asked > now, asked.seconds - now.seconds <= Self.minutes.upperBound * 60 else {
            throw SandboxRefusal(400, "ExtensionError")
        }
        return max(asked, Instant(seconds: now.seconds + Self.minutes.lowerBound * 60))
    }

    /// Tells those who asked that `event` was created, updated or deleted.
    mutating func tell(_ change: String, _ event: SandboxEvent) {
        for subscription in subscriptions.values.sorted(by: { $0.id < $1.id }) {
            guard subscription.expiresAt > now(), subscription.changeTypes.contains(change),
                subscription.calendar == nil || subscription.calendar == event.calendar
            else { continue }
            let data: JSONValue = .object([
                "@odata.type": .string("#Microsoft.Graph.Event"), "id": .string(event.id),
                "@odata.id": .string("Users/" + address + "/Events/" + event.id),
                "@odata.etag": .string("W/\"\(event.changeKey)\""),
            ])
            var item: [String: JSONValue] = [
                "subscriptionId": .string(subscription.id), "changeType": .string(change), "resourceData": data,
                "subscriptionExpirationDateTime": .string(SandboxTimes.stamp(subscription.expiresAt)),
                "resource": .string("Users/" + address + "/Events/" + event.id),
                "tenantId": .string("84bd8158-6d4d-4958-8b9f-9d6445542f95"),
            ]
            item["clientState"] = subscription.clientState.map(JSONValue.string)
            pushes.append(
                SandboxPush(
                    to: subscription.notificationURL, headers: ["Content-Type": "application/json"],
                    body: JSONValue.object(["value": .array([.object(item)])]).bytes))
        }
    }
}
