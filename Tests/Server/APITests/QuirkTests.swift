import Accounts
import CronofyWire
import Foundation
import HTTPTypes
import Support
import Testing

@testable import App

/// What Cronofy's SDKs put on the wire and need of answers: the tables of core §2.1–§2.3 and scheduling §0.4, row by row.
/// Rows of endpoints that are absent (smart invites, real-time scheduling, bookable events) have no test yet.
@Suite("Quirks of the official SDKs")
struct QuirkTests {
    private struct World: Sendable {
        let oauth: OAuthWorld
        let bearer, calendar: String
        var server: LiveServer { oauth.server }

        init() async throws {
            oauth = try await OAuthWorld()
            let linked = try await oauth.linkNative(PageBrowser(oauth.server), more: ["scope": "read_write"])
            let code = try #require(linked.parameter("code"))
            bearer = try #require(try await oauth.exchange(code: code)["access_token"])
            let calendars = try await oauth.server.send(.get, "/v1/calendars", bearer: bearer)
            guard case .array(let all)? = try calendars.json["calendars"],
                case .string(let id)? = all.first?["calendar_id"]
            else { throw OAuthWorld.Missing() }
            calendar = id
        }

        func send(
            _ method: HTTPRequest.Method, _ path: String, _ body: String = "", type: String? = "application/json",
            authorization: String? = nil, more: [String: String] = [:]
        ) async throws -> LiveServer.Reply {
            var fields: HTTPFields = [.authorization: authorization ?? "Bearer " + bearer]
            if let type { fields[.contentType] = type }
            for (name, value) in more {
                if let name = HTTPField.Name(name) { fields[name] = value }
            }
            return try await server.send(method, path, headers: fields, body: body)
        }
    }

    @Test("Python, Node: a JSON body, or its type alone, on every GET; Python: {} where nothing is said")
    func bodies() async throws {
        let world = try await World()
        for body in ["{}", "", "[]"] {
            #expect(try await world.send(.get, "/v1/account", body).status == 200)
            #expect(try await world.send(.get, "/v1/events?tzid=Etc/UTC&include_managed=True", body).status == 200)
        }
        let question = """
            {"participants":[{"required":"all","members":[{"sub":"\(world.oauth.account.value)"}]}],
            "required_duration":{"minutes":60},"buffer":{},"start_interval":null,
            "query_periods":[{"start":"2031-04-05 08:00:00Z","end":"2031-04-05 18:00:00Z"}]}
            """
        for credential in [world.bearer, world.oauth.secret] {  // Ruby: whichever it has
            let reply = try await world.send(.post, "/v1/availability", question, authorization: "Bearer " + credential)
            #expect(reply.status == 200 || reply.text.contains("participants"), "\(reply.text)")
        }
        await world.oauth.close()
    }

    @Test("PHP, Ruby, C#: [] or nothing in place of an object, of any declared type")
    func emptyBodies() async throws {
        let world = try await World()
        for (body, type) in [
            ("[]", "application/json"), ("{}", "application/json"), ("", "application/json"),
            ("", "application/x-www-form-urlencoded"), ("", nil),
        ] {
            let link = try await world.send(.post, "/v1/link_tokens", body, type: type)
            #expect(link.status == 200 && link["link_token"] != nil, "\(body) \(type ?? "")")
            let rule =
                #"{"availability_rule_id":"r","tzid":"Etc/UTC","weekly_periods":[{"day":"monday","start_time":"09:00","end_time":"17:00"}]}"#
            #expect(try await world.send(.post, "/v1/availability_rules", rule).status == 200)
            #expect(try await world.send(.delete, "/v1/availability_rules/r", body, type: type).status == 202)
            let channel = try await world.send(
                .post, "/v1/channels", #"{"callback_url":"https://app.example.com/hook"}"#)
            guard case .string(let id)? = try channel.json["channel"]?["channel_id"] else { throw OAuthWorld.Missing() }
            #expect(try await world.send(.delete, "/v1/channels/\(id)", body, type: type).status == 202)
        }
        // Node: the id in the path and again in the body.
        let rule =
            #"{"availability_rule_id":"r","tzid":"Etc/UTC","weekly_periods":[{"day":"monday","start_time":"09:00","end_time":"17:00"}]}"#
        #expect(try await world.send(.post, "/v1/availability_rules", rule).status == 200)
        let twice = try await world.send(.delete, "/v1/availability_rules/r", #"{"availability_rule_id":"r"}"#)
        #expect(twice.status == 202)
        await world.oauth.close()
    }

    @Test(
        "a useless Authorization beside credentials in the body: none, an old token, None, undefined",
        arguments: ["Bearer None", "Bearer undefined", "Bearer old", "Bearer ", ""])
    func uselessBearer(authorization: String) async throws {
        let world = try await World()
        let credentials = "\"client_id\":\"\(world.oauth.client.value)\",\"client_secret\":\"\(world.oauth.secret)\""
        let code = try await world.oauth.code()
        let exchanged = try await world.send(
            .post, "/oauth/token",
            // Node: refresh_token in the exchange of a code.
            """
            {\(credentials),"grant_type":"authorization_code","code":"\(code)","refresh_token":"stray",
            "redirect_uri":"\(OAuthWorld.redirect)"}
            """, authorization: authorization)
        #expect(exchanged.status == 200)
        let refresh = try #require(exchanged["refresh_token"])
        let renewed = try await world.send(
            .post, "/oauth/token", "{\(credentials),\"grant_type\":\"refresh_token\",\"refresh_token\":\"\(refresh)\"}",
            authorization: authorization)
        #expect(renewed.status == 200)
        // Always all three, whatever was asked for.
        for reply in [exchanged, renewed] {
            #expect(reply["access_token"] != nil && reply["refresh_token"] != nil)
            #expect(try reply.json["expires_in"] == .integer(3600))
        }
        let calendar = try await world.send(
            .post, "/v1/application_calendars", "{\(credentials),\"application_calendar_id\":\"room\"}",
            authorization: authorization)
        #expect(calendar.status == 200)
        // Node: refresh_token in place of token; no error where it is gone already.
        for _ in 0..<2 {
            let revoked = try await world.send(
                .post, "/oauth/token/revoke", "{\(credentials),\"refresh_token\":\"\(refresh)\"}",
                authorization: authorization)
            #expect(revoked.status == 200 && revoked.text.isEmpty)
        }
        await world.oauth.close()
    }

    @Test("C#: a space in times, objects for dates, a coding of the request that is none")
    func times() async throws {
        let world = try await World()
        let path = "/v1/calendars/\(world.calendar)/events"
        let coding = ["Content-Encoding": "gzip;q=1.0,deflate;q=0.6,identity;q=0.3"]
        let timed = """
            {"event_id":"a","summary":"A","start":{"time":"2031-04-05 06:07:08Z","tzid":"Europe/Paris"},
            "end":{"time":"2031-04-05 07:07:08Z","tzid":"Etc/UTC"}}
            """
        #expect(try await world.send(.post, path, timed, more: coding).status == 202)
        let days = """
            {"event_id":"b","summary":"B","start":{"time":"2031-04-05","tzid":"Etc/UTC"},
            "end":{"time":"2031-04-06","tzid":"Etc/UTC"}}
            """
        #expect(try await world.send(.post, path, days, more: coding).status == 202)
        for bounds in [
            "from=2031-04-01%2000:00:00Z&to=2031-04-09%2000:00:00Z", "from=2031-04-01+00:00:00Z&to=2031-04-09",
            "from=2031-04-01T00:00:00Z&to=2031-04-09T00:00:00Z",
        ] {
            for localized in ["true", "True", "false", ""] {
                let reply = try await world.send(
                    .get, "/v1/events?tzid=Etc/UTC&include_managed=true&localized_times=\(localized)&\(bounds)",
                    more: coding)
                #expect(reply.status == 200 && reply.text.contains("\"event_id\":\"b\""), "\(bounds) \(reply.text)")
                #expect(
                    reply.text.contains("\"time\":\"2031-04-05T08:07:08+02:00\"") == (localized.lowercased() == "true"))
            }
        }
        await world.oauth.close()
    }

    @Test("C#: never null, whole seconds with Z; Python: pages.current and total; all: no next_page on the last page")
    func answers() async throws {
        let world = try await World()
        let path = "/v1/calendars/\(world.calendar)/events"
        for number in 0..<120 {
            let event = """
                {"event_id":"e\(number)","summary":"E","start":"2031-04-05T08:00:00Z","end":"2031-04-05T09:00:00Z"}
                """
            #expect(try await world.send(.post, path, event).status == 202)
        }
        var next: String? = "/v1/events?tzid=Etc/UTC&only_managed=true"
        var (number, total) = (0, Int64(0))
        while let page = next {
            // Node: its remaining options behind the page's address.
            let reply = try await world.send(.get, page + (number > 0 ? "?tzid=Etc%2FUTC&only_managed=true" : ""))
            #expect(reply.status == 200 && !reply.text.contains("null"))
            number += 1
            let pages = try #require(try reply.json["pages"])
            #expect(pages["current"] == .integer(Int64(number)))
            if case .integer(let count)? = pages["total"] { total = count }
            if case .string(let address)? = pages["next_page"] {
                #expect(!address.contains("?") && address.hasPrefix(LiveServer.base + "/v1/events/pages/"))
                next = String(address.dropFirst(LiveServer.base.count))
            } else {
                #expect(pages["next_page"] == nil)
                next = nil
            }
            guard case .array(let events)? = try reply.json["events"] else { throw OAuthWorld.Missing() }
            for event in events {
                for name in ["created", "updated", "start", "end"] {
                    guard case .string(let text)? = event[name] else { throw OAuthWorld.Missing() }
                    #expect(text.utf8.count == 20 && text.hasSuffix("Z"), "\(name) \(text)")
                }
                for name in ["deleted", "recurring", "event_private"] {
                    #expect(event[name] == .bool(false), "\(name)")
                }
            }
        }
        #expect(number == Int(total) && number > 1)
        let account = try await world.send(.get, "/v1/account")
        #expect(try account.json["account"]?["scope"] != nil)
        await world.oauth.close()
    }

    @Test("Python, Ruby: every entry of a batch that worked is 202")
    func batch() async throws {
        let world = try await World()
        let path = "/v1/calendars/\(world.calendar)/events"
        let body = """
            {"batch":[{"method":"POST","relative_url":"\(path)","data":{"event_id":"a","summary":"A",
            "start":"2031-04-05T08:00:00Z","end":"2031-04-05T09:00:00Z"}},
            {"method":"DELETE","relative_url":"\(path)","data":{"event_id":"a"}},
            {"method":"POST","relative_url":"/v1/available_periods","data":{"available_period_id":"p",
            "start":"2031-04-05T08:00:00Z","end":"2031-04-05T09:00:00Z"}},
            {"method":"DELETE","relative_url":"/v1/available_periods","data":{"available_period_id":"p"}}]}
            """
        let reply = try await world.send(.post, "/v1/batch", body)
        guard case .array(let entries)? = try reply.json["batch"] else { throw OAuthWorld.Missing() }
        #expect(reply.status == 207 && entries.map { $0["status"] } == Array(repeating: .integer(202), count: 4))
        await world.oauth.close()
    }

    @Test("PHP: slashes at the end, raw brackets, true and 1; Python: parameters of a DELETE in the query")
    func queries() async throws {
        let world = try await World()
        for path in ["/v1/account/", "/v1/calendars/", "/v1/available_periods/"] {
            #expect(try await world.send(.get, path).status == 200, "\(path)")
        }
        let period = #"{"available_period_id":"p","start":"2031-04-05T08:00:00Z","end":"2031-04-05T09:00:00Z"}"#
        #expect(try await world.send(.post, "/v1/available_periods", period).status == 202)
        let gone = try await world.send(.delete, "/v1/available_periods/", #"{"available_period_id":"p"}"#)
        #expect(gone.status == 202)
        for query in ["calendar_ids[]=\(world.calendar)", "calendar_ids%5B%5D=\(world.calendar)", "only_managed=1"] {
            #expect(try await world.send(.get, "/v1/events?tzid=Etc/UTC&\(query)").status == 200, "\(query)")
        }
        for query in ["delete_all=True", "calendar_ids[]=\(world.calendar)"] {
            #expect(try await world.send(.delete, "/v1/events?\(query)", "{}").status == 202, "\(query)")
        }
        await world.oauth.close()
    }

    @Test("Ruby: forms for tokens and calendars; error bodies are JSON or nothing, and say so")
    func forms() async throws {
        let world = try await World()
        let form = "application/x-www-form-urlencoded"
        let credentials = "client_id=\(world.oauth.client.value)&client_secret=\(world.oauth.secret)"
        let calendar = try await world.send(
            .post, "/v1/application_calendars", credentials + "&application_calendar_id=room+7", type: form)
        #expect(calendar["application_calendar_id"] == "room 7")
        #expect(calendar.headers[.contentType] == "application/json; charset=utf-8")
        for (method, path, body) in [
            (HTTPRequest.Method.post, "/oauth/token", credentials + "&grant_type=refresh_token&refresh_token=x"),
            (.get, "/v1/nothing", ""), (.get, "/v1/events", ""), (.put, "/v1/account", ""),
            (.post, "/v1/calendars", "name=x"), (.get, "/v1/events/pages/none", ""),
        ] {
            let reply = try await world.send(method, path, body, type: form)
            #expect(reply.status >= 400)
            #expect(reply.headers[.contentType] == "application/json; charset=utf-8", "\(path)")
            #expect(throws: Never.self, "\(path)") { try reply.json }
            // PHP maps statuses by a table, and knows no others.
            #expect([400, 401, 402, 403, 404, 405, 410, 422, 423, 429].contains(reply.status), "\(path)")
        }
        await world.oauth.close()
    }

    @Test("ids need no escaping in paths; members that nobody knows are ignored")
    func ids() async throws {
        let world = try await World()
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-@")
        let info = try await world.send(.get, "/v1/userinfo")
        for mark in ["\"calendar_id\":\"", "\"profile_id\":\"", "\"sub\":\""] {
            let ids = info.text.components(after: mark, until: "\"")
            #expect(!ids.isEmpty && ids.allSatisfy { $0.allSatisfy(allowed.contains) }, "\(mark) \(ids)")
        }
        let event = """
            {"event_id":"x","summary":"X","start":"2031-04-05T08:00:00Z","end":"2031-04-05T09:00:00Z",
            "bearer_token":"x","unknown":{"deep":[1]},"tags":{"private":[{"value":"Label"}]},"locale":"fr","event_classes":["a"],
            "subscriptions":[]}
            """
        #expect(try await world.send(.post, "/v1/calendars/\(world.calendar)/events", event).status == 202)
        let refused = try await world.send(
            .post, "/v1/calendars/\(world.calendar)/events",
            event.replacing("\"subscriptions\":[]", with: "\"subscriptions\":[{\"type\":\"webhook\"}]"))
        #expect(refused.status == 422 && refused.text.contains("errors.not_supported"))
        let file = #"{"attachment":{"file_name":"a.txt","content_type":"text/plain","base64_content":"SGk="}}"#
        for (more, status) in [(#""subscriptions":[]"#, 200), (#""subscriptions":[{"type":"webhook"}]"#, 422)] {
            let sent = try await world.send(
                .post, "/v1/attachments", "{\(more)," + file.dropFirst(),
                authorization: "Bearer " + world.oauth.secret)
            #expect(sent.status == status, "\(more) \(sent.text)")
        }
        let zoom = event.replacing("\"subscriptions\":[]", with: #""conferencing":{"profile_id":"default"}"#)
        #expect(try await world.send(.post, "/v1/calendars/\(world.calendar)/events", zoom).status == 422)
        await world.oauth.close()
    }

    @Test("authorize links as each SDK writes them: empty members, capital booleans, a state that is not escaped")
    func links() async throws {
        let world = try await World()
        let base =
            "/oauth/authorize?response_type=code&client_id=\(world.oauth.client.value)"
            + "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fback"
        for more in [
            "&scope=read_account%20list_calendars%20read_events&state=&provider_name=&avoid_linking=False",
            "&scope=read_account+read_events&avoid_linking=1", "&scope=read_write&state=a/b:c;d",
        ] {
            #expect(try await PageBrowser(world.server).get(base + more).status == 200, "\(more)")
        }
        await world.oauth.close()
    }
}
