internal import CivilTime
internal import CronofyWire
internal import SandboxKit

/// Somebody who watches a calendar (`events.watch`).
struct SandboxChannel {
    let id: String
    let calendar: String
    let resource: String
    let address: String
    let token: String?
    let expiresAt: Instant
    var number = 0
}

extension SandboxState {
    /// Seconds for which a channel lives where nothing is asked; more is not given.
    private static let lifetime: Int64 = 604_800

    mutating func watch(_ request: SandboxRequest, _ calendar: String) throws(GoogleRefusal) -> SandboxResponse {
        let json = try Self.object(request.body)
        guard let id = json["id"]?.words, id.utf8.count <= 64, let address = json["address"]?.words,
            ["web_hook", "webhook"].contains(json["type"]?.text)
        else { throw GoogleRefusal(400, "required") }
        guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
            throw GoogleRefusal(400, "push.webhookUrlNotHttps")
        }
        guard channels[id] == nil else { throw GoogleRefusal(400, "channelIdNotUnique") }
        let channel = SandboxChannel(
            id: id, calendar: calendar, resource: "R" + calendar.utf8.reduce("") { $0 + String($1, radix: 16) },
            address: address, token: json["token"]?.words, expiresAt: end(asked: json))
        channels[id] = channel
        tell(id, "sync")
        var answer = channel.members
        answer["resourceUri"] = .string(uri(calendar))
        return SandboxResponse(200, .object(answer))
    }

    /// `params.ttl` in seconds, or `expiration` in milliseconds of 1970.
    private func end(asked json: [String: JSONValue]) -> Instant {
        let longest = Instant(seconds: now().seconds + Self.lifetime)
        if let ttl = json["params"]?["ttl"]?.text.flatMap({ Int64($0, in: 1...Self.lifetime) }) {
            return Instant(seconds: now().seconds + ttl)
        }
        let milliseconds =
            json["expiration"]?.text.flatMap { Int64($0, in: 1...99_999_999_999_999) }
            ?? json["expiration"]?.whole(in: 1...99_999_999_999_999).map { Int64($0) }
        return milliseconds.map { min(Instant(seconds: $0 / 1000), longest) } ?? longest
    }

    mutating func stopChannel(_ request: SandboxRequest) throws(GoogleRefusal) -> SandboxResponse {
        let json = try Self.object(request.body)
        guard let id = json["id"]?.text, let channel = channels[id], json["resourceId"] == .string(channel.resource)
        else { throw GoogleRefusal(404, "channelUnknown") }
        channels[id] = nil
        return SandboxResponse(204)
    }

    /// Tells everybody who watches `calendar` that something happened there; nothing says what.
    mutating func tellWatchers(of calendar: String) {
        for channel in channels.values.sorted(by: { $0.id < $1.id }) where channel.calendar == calendar {
            tell(channel.id, "exists")
        }
    }

    private mutating func tell(_ id: String, _ word: String) {
        guard var channel = channels[id], channel.expiresAt > now() else {
            channels[id] = nil
            return
        }
        channel.number += 1
        channels[id] = channel
        var headers = [
            "X-Goog-Channel-ID": id, "X-Goog-Message-Number": String(channel.number), "X-Goog-Resource-State": word,
            "X-Goog-Resource-ID": channel.resource, "X-Goog-Resource-URI": uri(channel.calendar),
            "X-Goog-Channel-Expiration": HTTPDate.text(channel.expiresAt),
        ]
        headers["X-Goog-Channel-Token"] = channel.token
        pushes.append(SandboxPush(to: channel.address, headers: headers))
    }

    private func uri(_ calendar: String) -> String {
        "https://www.googleapis.com/calendar/v3/calendars/" + calendar + "/events?alt=json"
    }
}

extension SandboxChannel {
    fileprivate var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "kind": .string("api#channel"), "id": .string(id), "resourceId": .string(resource),
            "expiration": .string(String(expiresAt.seconds * 1000)),
        ]
        members["token"] = token.map(JSONValue.string)
        return members
    }
}
