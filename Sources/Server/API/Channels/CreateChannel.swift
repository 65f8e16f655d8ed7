import Accounts
import CronofyWire
import GuardedHTTP
import Notifications

/// `POST /v1/channels`. Needs `read_events`, or any scope where only the application's own events are asked for. A
/// verification is sent at once; there is no challenge to echo.
enum CreateChannel {
    static let contract = EndpointContract(
        body: .object(
            ["callback_url": .text(.uri, most: longestURL)],
            optional: [
                "filters": .object([:], optional: ["calendar_ids": .array(.text, atLeast: 1), "only_managed": .flag])
            ]),
        success: .json(.object(["channel": ChannelSchema.channel])))

    /// Characters of a callback address.
    static let longestURL = 128

    static func respond(_ call: APICall) async throws -> APIAnswer {
        var fields = Fields(call.body)
        let callback = callback(&fields, policy: call.services.callbacks)
        let filters = filters(&fields)
        guard fields.errors.isEmpty, let (text, address) = callback else { throw fields.errors }
        guard filters.onlyManaged ?? false || call.scope.allows(.readEvents) else {
            throw APIError.forbidden(scope: Scope.Permission.readEvents.rawValue)
        }
        do {
            let channel = try await call.services.channels.create(
                filters, callbackURL: text, destination: address.origin.description, account: try call.account,
                client: call.caller.client)
            var writer = JSONWriter()
            writer.object { writer in
                writer.name("channel")
                writer.object { ChannelJSON.write(channel, to: &$0) }
            }
            return .json(writer.bytes)
        } catch ChannelStore.CreateError.unknownCalendars {
            throw WireErrors(
                "filters.calendar_ids", key: "errors.invalid_calendar_ids", "must be calendars of this account")
        } catch ChannelStore.CreateError.tooMany(let limit) {
            throw WireErrors(
                "callback_url", key: "errors.too_many", "must be one of at most \(limit) channels; close some first")
        }
    }

    private static func callback(_ fields: inout Fields, policy: AddressPolicy) -> (String, WebAddress)? {
        guard let text = fields.text("callback_url", most: longestURL) else {
            if fields.errors.isEmpty { fields.required("callback_url") }
            return nil
        }
        do throws(WebAddress.Fault) {
            let address = try WebAddress(parsing: text)
            if let fault = policy.fault(in: address) { throw fault }
            return (text, address)
        } catch {
            fields.fail("callback_url", key: "errors.invalid_url", error.sentence)
            return nil
        }
    }

    private static func filters(_ fields: inout Fields) -> ChannelFilters {
        guard let value = fields.value("filters") else { return ChannelFilters() }
        guard case .object = value else {
            fields.fail("filters", key: "errors.must_be_object", "must be an object")
            return ChannelFilters()
        }
        var inner = Fields(value, prefix: "filters.")
        let calendars = inner.texts("calendar_ids")
        if calendars?.isEmpty ?? false {
            inner.fail("calendar_ids", key: "errors.required", "must name at least one calendar, or be left out")
        }
        let onlyManaged = inner.flag("only_managed")
        fields.merge(inner)
        return ChannelFilters(calendars: calendars?.map { CalendarID($0) }, onlyManaged: onlyManaged)
    }
}

/// A channel as answers and notifications have it.
enum ChannelSchema {
    static let channel = Schema.named(
        "Channel",
        .object([
            "channel_id": .text, "callback_url": .text(.uri),
            "filters": .object([:], optional: ["calendar_ids": .array(.text), "only_managed": .flag]),
        ]))
}
